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
      'ask twice at most when the one with the lease is killed among them (seed %i)',
      async (seed) => {
        const world = new ClaroshopWorld(storesOf());
        const draws = randomOf(seed);
        const random = () => draws.next();
        const holder = new Steps();
        world.realm.delay = () => killed(holder);
        const held = world
          .process(holder)
          .refresh({ version: 0 })
          .catch(() => undefined);
        while (world.realm.posts.length === 0) await sleep(1);
        // All of them find that a living process works for the account.
        const answered = crowd(world, random, 0);
        await sleep(pace.answerMs);
        holder.isDead = true;
        await held;
        world.clock.advanceSeconds(36);
        const [answers] = await answered;
        await world.minutes(2);
        for (const { statusCode, body } of answers) {
          expect({ statusCode, body: Object.keys(body) }).toEqual(
            statusCode === 200
              ? { statusCode, body: ['message', 'expires_in', 'token_type', 'scope'] }
              : { statusCode: 500, body: ['error'] },
          );
        }
        expect(world.realm.posts.length).toBeLessThanOrEqual(2);
        expect((await world.bundle()).bundle?.refresh_token).toBe(world.realm.livingRefreshToken);
        expect(await world.staleNames()).toEqual([]);
      },
    );
  });
}

/** Until the process is. */
async function killed(process: Steps): Promise<void> {
  while (!process.isDead) await sleep(1);
}
