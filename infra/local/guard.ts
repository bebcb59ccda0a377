import { randomUUID } from 'node:crypto';
import { marking } from './markers.ts';
import { startReaper } from './reaper.ts';
import { isTerminating, onTermination } from './termination.ts';

/**
 * Does work of which nothing stays when this process ends before it, be it by SIGKILL: what the
 * commands of the work started is ended, and the folders are removed. They are removed too when the
 * work is done; what is worth keeping is moved away by then.
 */
export async function guarded<Result>(
  folders: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const marker = `tokenline-work=${randomUUID()}`;
  const reaper = startReaper();
  reaper.keep({ marker, processes: [], folders: [...folders] });
  const stopListening = onTermination(() => reaper.reap());
  try {
    return await marking(marker, work);
  } catch (error) {
    // What the work started is being ended, and so the work fails: no error of its own. The process
    // ends as soon as nothing is left.
    if (isTerminating()) await new Promise(() => undefined);
    throw error;
  } finally {
    await reaper.release();
    stopListening();
  }
}
