/** With a slow answer before it (24 s), over when the sweep of the next minute comes. */
const FIRST_REST_SECONDS = 30;
/** The life of a ClaroShop access token: a longer rest would outlast every outage's end. */
const LONGEST_REST_SECONDS = 300;

export interface RestAsked {
  /** What the provider asked for; more than the longest rest is not granted. */
  readonly leastRestSeconds?: number | undefined;
  /** Without it five minutes. */
  readonly longestRestSeconds?: number | undefined;
}

/**
 * How long a subject rests after attempts that brought no grant: half a minute, twice as long with
 * each further one, five minutes at most. Of ClaroShop only: Cafe24's malls rest by the statement
 * that closes their attempts (`postgres/attempts.ts`), a minute to an hour.
 *
 * @param failures attempts without a grant since the last grant, 1 or more.
 */
export function restSeconds(failures: number, asked: RestAsked = {}): number {
  const { leastRestSeconds = 0, longestRestSeconds = LONGEST_REST_SECONDS } = asked;
  const backoff = FIRST_REST_SECONDS * 2 ** (failures - 1);
  return Math.min(longestRestSeconds, Math.max(leastRestSeconds, backoff));
}
