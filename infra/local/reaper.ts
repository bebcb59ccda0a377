import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Belongings } from './belongings.ts';
import { removeBelongings } from './belongings.ts';

/** Sees to it that nothing stays behind, also when this process is killed. */
export interface Reaper {
  /** Tells all that has to go, whenever it changes. */
  keep(belongings: Belongings): void;
  /** Removes all of it; done when it is gone. Safe to call again. */
  reap(): Promise<void>;
  /** As `reap`, by this process alone: the reaper, which may not be up yet, is not waited for. */
  release(): Promise<void>;
}

/**
 * Starts a small process of its own session that waits at the end of a pipe: the pipe closes when
 * `reap` is called and when this process dies, so there is one way to end and it is always used.
 */
export function startReaper(): Reaper {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = fileURLToPath(new URL('reaper-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', tsx, script], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] },
  });
  const exited = once(child, 'exit');
  // A reaper that somebody killed: what it should have done is done in `reap`.
  child.stdin.on('error', () => undefined);
  child.unref();
  let known: Belongings | undefined;
  return {
    keep: (belongings) => {
      known = belongings;
      child.stdin.write(`${JSON.stringify(belongings)}\n`);
    },
    reap: async () => {
      child.ref();
      child.stdin.end();
      await exited;
      if (known !== undefined) await removeBelongings(known);
    },
    release: async () => {
      child.stdin.end();
      if (known !== undefined) await removeBelongings(known);
    },
  };
}
