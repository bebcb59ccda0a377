import type { Deadline } from '#shared/clock.ts';

/** For the answer itself, on a busy machine. Tries that are timed end before: they know more. */
const ANSWER_MS = 300;

/**
 * What the work brings, or what is known when the invocation is about to end: a call that hangs would
 * leave the caller without an answer.
 *
 * @remarks Work that goes on after that finds its time over: it asks nobody any more.
 */
export async function orAtTheEnd<Result>(
  work: Promise<Result>,
  deadline: Deadline,
  known: () => Result,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<Result>((resolve) => {
    timer = setTimeout(() => {
      resolve(known());
    }, deadline.remainingMs() - ANSWER_MS);
    timer.unref();
  });
  // What it throws after the answer is told nobody.
  work.catch(() => undefined);
  return await Promise.race([work, end]).finally(() => {
    clearTimeout(timer);
  });
}
