/**
 * Begins a run with two processes, one of which ignores being asked to end if the second argument
 * is `stubborn`, says the run's marker
 * and folder in one line, and stays: for tests that end a program in the middle of its work.
 */
import path from 'node:path';
import { beginRun } from '#infra/local/run.ts';
import { onTermination } from '#infra/local/termination.ts';

const [stateFolder = '', manner] = process.argv.slice(2);
const run = await beginRun(path.join(stateFolder, 'running.json'));
onTermination(() => run.end());
const child = (name: string, script: string) =>
  run.start({
    command: process.execPath,
    args: ['-e', `setInterval(() => {}, 1000); ${script}`, run.marker],
    environment: {},
    cwd: run.folder,
    logFile: path.join(stateFolder, `${name}.log`),
    endSignal: 'SIGTERM',
  });
await child('polite', '');
await child('other', manner === 'stubborn' ? "process.on('SIGTERM', () => {})" : '');
console.log(JSON.stringify({ marker: run.marker, folder: run.folder }));
setInterval(() => undefined, 60_000);
