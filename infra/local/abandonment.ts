import { isAlive } from './processes.ts';
import { runCommand } from './run-command.ts';

const lookEveryMs = 1_000;

/**
 * Ends this process as SIGTERM does, a second after the npm that runs it is gone: one that is killed
 * can tell nobody, and what it ran would stay for ever. Without npm it does nothing.
 */
export async function endWithNpm(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const npm = await ancestorThatIsNpm(process.ppid);
  if (npm === undefined) return;
  const looking = setInterval(() => {
    if (isAlive(npm)) return;
    clearInterval(looking);
    process.kill(process.pid, 'SIGTERM');
  }, lookEveryMs);
  looking.unref();
}

/** Between it and us are a shell and tsx, or more. */
async function ancestorThatIsNpm(pid: number): Promise<number | undefined> {
  if (pid <= 1) return undefined;
  const told = await runCommand('ps', ['-o', 'ppid=,command=', '-p', String(pid)]).catch(() => '');
  const [, parent = '', command = ''] = /^\s*(\d+)\s+(.*)/.exec(told) ?? [];
  // Its title is `npm start`; where that does not show, `node …/bin/npm start` or `npm-cli.js`.
  if (/(^|\/)npm(-cli\.js)? /.test(`${command} `)) return pid;
  return ancestorThatIsNpm(Number(parent));
}
