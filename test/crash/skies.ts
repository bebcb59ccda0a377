import type { Random } from './random.ts';

/**
 * What a call goes to. `database`: Postgres. `parameters`: Parameter Store, for the grants;
 * `credentials`: the same, for what an account signs in with. `attempts`: the table of attempts.
 * `wire`: the way to the provider, before a connection stands.
 */
export type Place =
  'database' | 'parameters' | 'credentials' | 'attempts' | 'escrow' | 'bus' | 'provider' | 'wire';

export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Span {
  readonly startMs: number;
  readonly healMs: number;
}

/** What goes wrong with calls, whatever they are about. */
export interface Skies {
  /** Probability per call that the process stops there. */
  readonly stop: number;
  /** Probability per call outside of a transaction that the process pauses for longer than it may live. */
  readonly pause: number;
  /** Probability per call that it fails, nothing done. */
  readonly fail: Readonly<Partial<Record<Place, number>>>;
  /** Probability per call that it is done, and the answer is lost. */
  readonly loseAnswer: Readonly<Partial<Record<Place, number>>>;
  readonly away: Readonly<Partial<Record<Place, Window[]>>>;
  /** Probability that the store of grants is away for a while just when a grant has arrived. */
  readonly awayAtAnswer: number;
  readonly slowRequest: number;
  readonly slowAnswer: number;
  /** Probability that a message is delivered twice. */
  readonly duplicate: number;
}

export function isAway(weather: Skies, place: Place, nowMs: number): boolean {
  const windows = weather.away[place] ?? [];
  return windows.some(({ fromMs, untilMs }) => nowMs >= fromMs && nowMs < untilMs);
}

const SECOND = 1_000;

/** How a weather is drawn: the same for every flow, so that rare faults meet in each. */
export function diceOf(random: Random, { startMs, healMs }: Span) {
  // Where much fails, processes hardly meet: in some runs little fails, and many come at once.
  const isMild = random.chance(0.2);
  const often = isMild ? 0.2 : 1;
  return {
    isMild,
    /** A probability from `least` to `most` in a share of the runs, 0 in the others. */
    sometimes: (share: number, least: number, most: number) =>
      random.chance(share * often) ? random.between(least, most) : 0,
    /** One or two spans of at most `longestMs` in a share of the runs. */
    windows: (share: number, longestMs: number): Window[] => {
      if (!random.chance(share * often)) return [];
      return Array.from({ length: random.whole(1, 2) }, () => {
        const fromMs = random.between(startMs, healMs - 60 * SECOND);
        const lastsMs = random.between(2 * SECOND, longestMs);
        return { fromMs, untilMs: Math.min(healMs, fromMs + lastsMs) };
      });
    },
  };
}
