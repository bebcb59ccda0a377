import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processes.ts';

const pollMs = 200;

/** What is locked, and who hears that somebody else has it. */
export interface Lock {
  /** A file that exists while the lock is held; it has the holder's process id. */
  readonly file: string;
  readonly onWait?: (holderPid: number) => void;
}

/**
 * Runs `work` while no other process runs work under the same lock. A lock whose holder is dead is
 * taken over. What is locked must bear two at once all the same: two that take over the same dead
 * lock in the same millisecond can both get it.
 */
export async function withLock<Result>(lock: Lock, work: () => Promise<Result>): Promise<Result> {
  await mkdir(path.dirname(lock.file), { recursive: true });
  let announced = false;
  while (!(await acquire(lock.file))) {
    const holder = await holderOf(lock.file);
    if (holder !== undefined && !isAlive(holder)) {
      await rm(lock.file, { force: true });
      continue;
    }
    if (holder !== undefined && !announced) lock.onWait?.(holder);
    announced = true;
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    await rm(lock.file, { force: true });
  }
}

/** A link appears with its content or not at all, so nobody reads a half-written lock. */
async function acquire(file: string): Promise<boolean> {
  const own = `${file}.${process.pid}.${performance.now()}`;
  await writeFile(own, String(process.pid));
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

async function holderOf(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' ? undefined : Number(text);
}
