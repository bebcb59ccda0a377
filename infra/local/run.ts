import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Belongings } from './belongings.ts';
import { startReaper } from './reaper.ts';

/** How a process of the run is started. */
export interface ChildSpec {
  readonly command: string;
  /** Must have the run's marker somewhere. */
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Gets what the process writes; begun anew. */
  readonly logFile: string;
  readonly endSignal: 'SIGTERM' | 'SIGINT';
  /** Whom it runs as; without it, as we do. */
  readonly user?: SystemUser | undefined;
}

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** A process of the run. */
export interface Child {
  readonly pid: number;
  /**
   * Tries until it works.
   *
   * @throws Error the process ended (the text has the end of its log), or the last failure after
   *   `withinMs`.
   */
  eventually<Result>(withinMs: number, attempt: () => Promise<Result>): Promise<Result>;
}

const pollMs = 50;

/** One run of the local AWS: its processes and its folder go together. */
export interface Run {
  /** An argument that all processes of the run carry, so that they can be told from others. */
  readonly marker: string;
  /** Of this run alone, in the system's temporary folder; other users may pass through it. */
  readonly folder: string;
  start(spec: ChildSpec): Promise<Child>;
  /** Ends all processes and removes the folder. Safe to call again. */
  end(): Promise<void>;
}

/** @param recordFile is removed with the run if it is about it. */
export async function beginRun(recordFile: string): Promise<Run> {
  const marker = `tokenline-run=${randomUUID()}`;
  const folder = await mkdtemp(path.join(tmpdir(), 'tokenline-'));
  await chmod(folder, 0o711);
  const reaper = startReaper();
  let belongings: Belongings = { marker, processes: [], folders: [folder], recordFile };
  reaper.keep(belongings);
  let ended: Promise<void> | undefined;
  return {
    marker,
    folder,
    start: async (spec) => {
      if (ended !== undefined) throw new Error('The local AWS is being stopped.');
      const child = await spawnLogged(spec);
      const { pid } = child;
      const processes = [...belongings.processes, { pid, endSignal: spec.endSignal }];
      belongings = { ...belongings, processes };
      reaper.keep(belongings);
      return child;
    },
    end: () => (ended ??= reaper.reap()),
  };
}

async function spawnLogged(spec: ChildSpec): Promise<Child> {
  const { command, args, environment, cwd, logFile, user } = spec;
  const log = await open(logFile, 'w', 0o600);
  try {
    // A session of its own: Ctrl-C in the terminal is for us, and we end what we started.
    const child = spawn(command, args, {
      cwd,
      env: environment,
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      ...user,
    });
    await once(child, 'spawn');
    child.unref();
    if (child.pid === undefined) throw new Error(`${command} did not start.`);
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    // An attempt may wait long for an answer that can't come any more.
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('It ended.')));
    ended.catch(() => undefined);
    return {
      pid: child.pid,
      eventually: async (withinMs, attempt) => {
        const deadlineMs = performance.now() + withinMs;
        for (;;) {
          const [outcome] = await Promise.allSettled([Promise.race([attempt(), ended])]);
          if (outcome.status === 'fulfilled') return outcome.value;
          if (hasEnded())
            throw new Error(`${path.basename(command)} ended.\n${await tailOf(logFile)}`);
          if (performance.now() > deadlineMs) throw outcome.reason;
          await sleep(pollMs);
        }
      },
    };
  } finally {
    await log.close();
  }
}

async function tailOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return `The end of ${file}:\n${text.trim().split('\n').slice(-25).join('\n')}`;
}
