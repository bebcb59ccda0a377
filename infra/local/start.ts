// `npm start [-- --once | --watch]`: a local AWS with the deployed stack, a demonstration, commands to
// paste; with --watch, a function whose source changes is put there at once.
import './own-environment.ts';
import { parseArgs, styleText } from 'node:util';
import type { StackOutputs } from '../outputs.ts';
import { endWithNpm } from './abandonment.ts';
import { howToGet, pasteableCommands } from './commands.ts';
import { demonstrate } from './demonstration.ts';
import { deployLocally } from './deploy.ts';
import { explain } from './explain.ts';
import { printedJourney } from './journey.ts';
import type { LocalAws } from './local-aws.ts';
import { missingTools } from './missing-tools.ts';
import { projectFolder } from './paths.ts';
import { terminalProgress } from './progress.ts';
import { isTerminating } from './termination.ts';
import { useLocalAws } from './start-local-aws.ts';
import { watchFunctions } from './watch-functions.ts';

const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
  },
});
const print = (line: string) => {
  console.log(line);
};

await endWithNpm();
const missing = await missingTools();
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(1);
}
try {
  await start();
} catch (error) {
  // The rest of it is torn down: no error of ours.
  if (isTerminating()) await new Promise(() => undefined);
  console.error(`\n${styleText('red', explain(error))}`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const progress = terminalProgress();
  const { localAws, isOurs, stop } = await useLocalAws(progress);
  try {
    const stack = await deployLocally(localAws, progress);
    const isAllShown = await demonstrate(localAws, stack, (title) => printedJourney(title, print));
    if (!isAllShown) process.exitCode = 1;
    if (options.once) return;
    printCommands(localAws, stack);
    print('');
    if (options.watch) await watchSources(localAws);
    else if (!isOurs) return;
    print(isOurs ? 'It stays up until Ctrl-C.' : 'It watches until Ctrl-C.');
    await new Promise(() => undefined);
  } finally {
    await stop();
  }
}

async function watchSources(localAws: LocalAws): Promise<void> {
  const { names } = await watchFunctions(localAws, projectFolder, terminalProgress());
  print(`Watching the sources of ${names.length} functions: what changes is live in a moment.`);
}

function printCommands(localAws: LocalAws, stack: StackOutputs): void {
  print('');
  print(styleText('bold', 'Try it, in another terminal in this folder'));
  const commands = pasteableCommands(localAws, stack);
  for (const { purpose, text } of commands) print(`\n# ${purpose}\n${text}`);
  const hints = new Set(commands.map(({ tool }) => howToGet(tool)));
  for (const hint of hints) if (hint !== undefined) print(`\n${hint}`);
}
