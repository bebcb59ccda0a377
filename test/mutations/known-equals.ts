/**
 * Mistakes that change nothing which anybody could notice, by their names as the run prints them, with
 * the reason why each is equal.
 */
export const KNOWN_EQUALS: ReadonlyMap<string, string> = new Map([]);
