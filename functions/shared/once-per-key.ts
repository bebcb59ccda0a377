/** Does work that several ask for under one key. */
export type OncePerKey = (key: string, work: () => Promise<string>) => Promise<string>;

/**
 * For the records of one invocation: the first of a key works, the others wait for it.
 *
 * @returns the outcome of the work for the first, `duplicate` for the others; an error of the work
 *   is everybody's.
 */
export function oncePerKey(): OncePerKey {
  const underWay = new Map<string, Promise<string>>();
  return async (key, work) => {
    const first = underWay.get(key);
    if (first !== undefined) {
      await first;
      return 'duplicate';
    }
    const working = work();
    underWay.set(key, working);
    return await working;
  };
}
