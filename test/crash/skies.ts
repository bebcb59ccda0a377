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
