// `tsx test/side-by-side.ts <script>…`: runs npm scripts at once and fails if one does. Told to end, it
// tells all of them and waits for them.
import { constants } from 'node:os';
import { runSideBySide, signalScripts } from './support/npm-scripts.ts';

let endedBy: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endedBy = signal;
    signalScripts(signal);
  });
}

const failed = await runSideBySide(process.argv.slice(2));
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
if (endedBy !== undefined) process.exitCode = 128 + constants.signals[endedBy];
