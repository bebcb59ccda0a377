import type { Clock } from '#shared/clock.ts';
import type { Parameter, Parameters } from '#shared/ssm/parameters.ts';

/** So long at most: whoever settles a dead process's attempt comes later than that. */
const LONGEST_LAG_MS = 4_000;

interface Old {
  readonly before: Parameter | undefined;
  readonly untilMs: number;
  left: number;
}

/**
 * Old reads, as Parameter Store may give them to anybody: after a change of a name, its next reads say
 * what was there before.
 *
 * @param reads how many of them, within 4 s.
 */
export function parameterLag(reads: number) {
  const old = new Map<string, Old>();

  function asSeen(name: string, now: Parameter | undefined, nowMs: number) {
    const seen = old.get(name);
    if (seen === undefined || seen.left === 0 || seen.untilMs <= nowMs) return now;
    seen.left -= 1;
    return seen.before;
  }

  /** The parameters as they are read by all who share this lag. */
  return (within: Parameters, clock: Clock): Parameters => {
    const nowMs = () => clock().getTime();
    const changed = async <Result>(name: string, change: () => Promise<Result>) => {
      if (reads === 0) return await change();
      const before = (await within.read([name])).get(name);
      const result = await change();
      old.set(name, { before, left: reads, untilMs: nowMs() + LONGEST_LAG_MS });
      return result;
    };
    return {
      read: async (names, signal) => {
        const now = await within.read(names, signal);
        const seen = names.map((name) => asSeen(name, now.get(name), nowMs()));
        return new Map(seen.filter((it) => it !== undefined).map((it) => [it.name, it]));
      },
      put: (parameter, signal) => changed(parameter.name, () => within.put(parameter, signal)),
      delete: (name) => changed(name, () => within.delete(name)),
    };
  };
}
