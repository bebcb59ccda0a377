const FIRST_REST_SECONDS = 60;
/** The life of a ClaroShop access token: a longer rest would outlast every outage's end. */
const LONGEST_REST_SECONDS = 300;

/**
 * How long a subject rests after attempts that brought no grant: a minute, twice as long with each
 * further one, five minutes at most.
 *
 * @param failures attempts without a grant since the last grant, 1 or more.
 */
export function restSeconds(failures: number): number {
  return Math.min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2 ** (failures - 1));
}
