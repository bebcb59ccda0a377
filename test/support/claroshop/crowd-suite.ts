import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../crash/random.ts';
import { ClaroshopWorld, type StoresOf } from './claroshop-world.ts';
import { Steps } from './steps.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const WARNINGS = 20;
const INVOCATIONS = 5;

interface Pace {
  /** The longest that a call waits before it is sent, in ms. */
  readonly jitterMs: number;
  /** The least that ClaroShop takes to answer, in ms: all have begun by then. */
  readonly answerMs: number;
}

/** Many ask for the same account at once. */
export function describeCrowd(title: string, storesOf: () => StoresOf, pace: Pace): void {
  function crowd(world: ClaroshopWorld, random: () => number, version: number) {
    const jitter = () => sleep(random() * pace.jitterMs);
    world.realm.delay = () => sleep(pace.answerMs * (1 + random()));
    const process = () => world.process(new Steps(undefined, jitter));
    const invocations = Array.from({ length: INVOCATIONS }, () => process().obtain());
    const warnings = Array.from({ length: WARNINGS }, () => process().refresh({ version }));
    return Promise.all([Promise.all(invocations), Promise.all(warnings)]);
  }

  describe(`${title}: 20 warnings and 5 direct invocations at once`, { timeout: 120_000 }, () => {
    it.each(SEEDS)('ask once, and every invocation is answered (seed %i)', async (seed) => {
      const world = new ClaroshopWorld(storesOf());
      const draws = randomOf(seed);
      const random = () => draws.next();
      const version = seed % 2;
      if (version === 1) await world.process().refresh();
      const [answers, outcomes] = await crowd(world, random, version);
      expect(world.realm.posts).toHaveLength(version + 1);
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(
        Array.from({ length: INVOCATIONS }, () => 200),
      );
      const known = new Set(['issued', 'refreshed', 'in-progress', 'overtaken']);
      expect(outcomes.filter((it) => !known.has(it))).toEqual([]);
      expect(await world.bundle()).toMatchObject({ version: version + 1 });
      expect(await world.staleNames()).toEqual([]);
    });

    it.each(SEEDS)(
      'ask twice at most when the one with the lease was killed (seed %i)',
      async (seed) => {
        const world = new ClaroshopWorld(storesOf());
        const draws = randomOf(seed);
        const random = () => draws.next();
        const stopAt = { call: 2 + Math.floor(random() * 14), when: 'after' } as const;
        await world
          .process(new Steps(stopAt))
          .refresh({ version: 0 })
          .catch(() => undefined);
        world.clock.advanceSeconds(36);
        const [answers] = await crowd(world, random, 0);
        world.realm.delay = () => Promise.resolve();
        await world.minutes(2);
        expect(answers).toHaveLength(INVOCATIONS);
        expect(world.realm.posts.length).toBeLessThanOrEqual(2);
        expect((await world.bundle()).bundle?.refresh_token).toBe(world.realm.livingRefreshToken);
        expect(await world.staleNames()).toEqual([]);
      },
    );
  });
}
