/** The process's time. Injected, so that tests can fix it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** The time that an invocation may still use. */
export interface Deadline {
  /** Milliseconds until Lambda ends the process; never negative. */
  remainingMs(): number;
}

/** A deadline for a part of the work: `ms` from now, or the whole's if that is nearer. */
export function within(whole: Deadline, ms: number): Deadline {
  const reserveMs = Math.max(0, whole.remainingMs() - ms);
  return { remainingMs: () => Math.max(0, whole.remainingMs() - reserveMs) };
}

/** The deadline of an invocation, by Lambda's own count. */
export function deadlineOf(context: { getRemainingTimeInMillis(): number }): Deadline {
  return { remainingMs: () => Math.max(0, context.getRemainingTimeInMillis()) };
}
