import { readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { processesMarked, signalProcess } from './processes.ts';

/** All that one run of the local AWS leaves on the machine, and how it goes away. */
export const belongingsSchema = z.object({
  /** In the command line or the environment of each process of the run, and of no other. */
  marker: z.string(),
  /** Those that are asked to end; what they started themselves is marked too. */
  processes: z.array(z.object({ pid: z.number(), endSignal: z.enum(['SIGTERM', 'SIGINT']) })),
  folders: z.array(z.string()),
  /** Is removed if it is about this run. */
  recordFile: z.string().optional(),
});

export type Belongings = z.output<typeof belongingsSchema>;

/** What is stopped keeps nothing, so a longer wait (LocalStack's own is up to 16 s) gains nothing. */
const politeMs = 5_000;
const pollMs = 100;

/**
 * Ends every process of the run (asked first, killed after 5 s) and removes its folders and its
 * record. Safe to repeat, and at once done when all is gone.
 */
export async function removeBelongings(belongings: Belongings): Promise<void> {
  const { marker, processes, folders, recordFile } = belongings;
  if (recordFile !== undefined) await removeRecord(recordFile, marker);
  const marked = await processesMarked(marker);
  const asked = processes.filter(({ pid }) => marked.includes(pid));
  for (const { pid, endSignal } of asked) signalProcess(pid, endSignal);
  if (asked.length > 0) await allEnded(marker, politeMs);
  for (const pid of await processesMarked(marker)) signalProcess(pid, 'SIGKILL');
  await allEnded(marker, politeMs);
  // Something that is just ending may still write into one.
  const thoroughly = { recursive: true, force: true, maxRetries: 3 };
  await Promise.all(folders.map((folder) => rm(folder, thoroughly)));
}

async function removeRecord(file: string, marker: string): Promise<void> {
  const record = await readFile(file, 'utf8').catch(() => '');
  if (record.includes(marker)) await rm(file, { force: true });
}

async function allEnded(marker: string, withinMs: number): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (performance.now() < deadlineMs) {
    if ((await processesMarked(marker)).length === 0) return;
    await sleep(pollMs);
  }
}
