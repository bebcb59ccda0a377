import type { Deadline } from '#shared/clock.ts';
import { errorField } from '#shared/log.ts';
import type { Dependencies } from './dependencies.ts';
import { publishMarked } from './publish-marked.ts';

const WATCH_MS = 60_000;
/** A code lives for 60 s: finer would gain little of them, coarser would lose some. */
const EVERY_MS = 2_000;
/** Ten calls to the bus; what is left over is found by the next look. */
const LIMIT = 100;

export interface Watched {
  readonly announced: number;
  readonly looks: number;
  readonly failedLooks: number;
}

/**
 * Looks for codes that nobody has announced, every 2 s for a minute, since schedules are no finer
 * than a minute; announces each once, however many runs overlap.
 *
 * @throws what the last look failed with: the database or the bus is still away. A failure that the
 *   looks after it have healed is logged and counted.
 */
export async function watchCodes(
  malls: readonly string[],
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<Watched> {
  const { clock, pause, log } = dependencies;
  const untilMs = clock().getTime() + WATCH_MS;
  const watched = { announced: 0, looks: 0, failedLooks: 0 };
  let failure: Error | undefined;
  do {
    if (watched.looks > 0) await pause(EVERY_MS);
    watched.looks += 1;
    failure = undefined;
    try {
      watched.announced += await look(malls, deadline, dependencies);
    } catch (error) {
      failure = errorField(error).error;
      watched.failedLooks += 1;
      log.warn('look-failed', { error: failure });
    }
  } while (clock().getTime() + EVERY_MS < untilMs && deadline.remainingMs() > EVERY_MS);
  log.info('watched', watched);
  if (failure !== undefined) throw failure;
  return watched;
}

async function look(
  malls: readonly string[],
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<number> {
  const codes = await dependencies.announcements.markWaiting(malls, LIMIT);
  const leftOut = await publishMarked(codes, deadline, dependencies);
  const announced = codes.length - leftOut.length;
  if (announced > 0) dependencies.log.info('codes-announced', { announced });
  return announced;
}
