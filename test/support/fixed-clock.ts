import type { Clock } from '#shared/clock.ts';

export interface FixedClock {
  readonly now: Clock;
  advanceSeconds(seconds: number): void;
}

/** A clock that stands still until it is told to move. */
export function fixedClock(start = '2026-03-01T12:00:00.000Z'): FixedClock {
  let epochMs = Date.parse(start);
  return {
    now: () => new Date(epochMs),
    advanceSeconds: (seconds) => {
      epochMs += seconds * 1000;
    },
  };
}
