import type { Deadline } from '#shared/clock.ts';

/** For the answer itself, on a busy machine. Tries that are timed end before: they know more. */
const ANSWER_MS = 300;

/**
 * Calls back after so many milliseconds.
 *
 * @returns cancels that.
 */
export type Timer = (ms: number, act: () => void) => () => void;

/** Node's own, which keeps no process alive. */
export const unrefTimer: Timer = (ms, act) => {
  const timer = setTimeout(act, ms).unref();
  return () => {
    clearTimeout(timer);
  };
};

/**
 * What the work brings, or what is known when the invocation is about to end: a call that hangs would
 * leave the caller without an answer.
 *
 * @remarks Work that goes on after that finds its time over: it asks nobody any more.
 */
export async function orAtTheEnd<Result>(
  work: Promise<Result>,
  { deadline, timer }: { readonly deadline: Deadline; readonly timer: Timer },
  known: () => Result,
): Promise<Result> {
  let cancel: () => void = () => undefined;
  const end = new Promise<Result>((resolve) => {
    cancel = timer(deadline.remainingMs() - ANSWER_MS, () => {
      resolve(known());
    });
  });
  // What it throws after the answer is told nobody.
  work.catch(() => undefined);
  return await Promise.race([work, end]).finally(cancel);
}
