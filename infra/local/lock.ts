import { rmSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { factsOf, isAlive } from './processes.ts';

const pollMs = 200;

/** What is locked, and who hears that somebody else has it. */
export interface Lock {
  /** A file that exists while the lock is held; it has the holder's process id and start. */
  readonly file: string;
  readonly onWait?: (holderPid: number) => void;
}

/**
 * Runs `work` while no other process runs work under the same lock. A lock whose holder is dead is
 * taken over, even when its number is another process's by now. What is locked must bear two at once
 * all the same: two that take over the same dead lock in the same millisecond can both get it.
 */
export async function withLock<Result>(lock: Lock, work: () => Promise<Result>): Promise<Result> {
  await mkdir(path.dirname(lock.file), { recursive: true });
  let announced = false;
  while (!(await acquire(lock.file))) {
    const holder = await holderOf(lock.file);
    if (holder !== undefined && !(await isAlive(holder.pid, holder.start))) {
      await rm(lock.file, { force: true });
      continue;
    }
    if (holder !== undefined && !announced) lock.onWait?.(holder.pid);
    announced = true;
    await sleep(pollMs);
  }
  const release = () => {
    rmSync(lock.file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** A link appears with its content or not at all, so nobody reads a half-written lock. */
async function acquire(file: string): Promise<boolean> {
  const own = `${file}.${process.pid}.${performance.now()}`;
  await writeFile(own, `${process.pid} ${(await factsOf(process.pid))?.start ?? ''}`);
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  /** As the system tells it; empty if it does not. */
  readonly start: string;
}

async function holderOf(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text === '') return undefined;
  const [pid = '', ...start] = text.split(' ');
  return { pid: Number(pid), start: start.join(' ') };
}
