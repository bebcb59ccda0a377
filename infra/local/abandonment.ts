import { setTimeout as pause } from 'node:timers/promises';
import { factsOf, isAlive } from './processes.ts';

const lookEveryMs = 1_000;

/**
 * Ends this process as SIGTERM does, a second after the npm that runs it is gone: one that is killed
 * can tell nobody, and what it ran would stay for ever. Without npm it does nothing.
 */
export async function endWithNpm(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const npm = await ancestorThatIsNpm(process.ppid);
  if (npm !== undefined) void endAfter(npm);
}

interface StartedProcess {
  readonly pid: number;
  readonly start: string;
}

async function endAfter({ pid, start }: StartedProcess): Promise<void> {
  while (await isAlive(pid, start)) await pause(lookEveryMs, undefined, { ref: false });
  process.kill(process.pid, 'SIGTERM');
}

/** Between it and us are a shell and tsx, or more. */
async function ancestorThatIsNpm(pid: number): Promise<StartedProcess | undefined> {
  if (pid <= 1) return undefined;
  const { parent = 0, command = '', start = '' } = (await factsOf(pid)) ?? {};
  // Its title is `npm start`; where that does not show, `node …/bin/npm start` or `npm-cli.js`.
  if (/(^|\/)npm(-cli\.js)? /.test(`${command} `)) return { pid, start };
  return ancestorThatIsNpm(parent);
}
