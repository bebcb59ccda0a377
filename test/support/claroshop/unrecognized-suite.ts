import { describe, expect, it } from 'vitest';
import { ClaroshopWorld, type StoresOf } from './claroshop-world.ts';

/** What becomes of an account that ClaroShop refuses in words that nobody knows, on whatever stores. */
export function describeUnrecognized(title: string, storesOf: () => StoresOf): void {
  const make = () => new ClaroshopWorld(storesOf());

  describe(`${title}: a refusal that no table knows`, { timeout: 120_000 }, () => {
    const unrecognized = () =>
      Promise.resolve({ kind: 'unrecognized', reason: 'unknown-error' } as const);
    const told = (world: ClaroshopWorld) =>
      world.log.lines.filter(({ message }) => message === 'refused-for-a-day');

    it.each(['refresh_token', 'password'])(
      'asks the password up to an hour apart, and marks nothing: %s',
      async (of) => {
        const world = make();
        if (of === 'refresh_token') await world.process().refresh();
        const { version } = await world.bundle();
        world.realm.answer = unrecognized;
        world.realm.posts.length = 0;
        expect(await world.process().refresh({ version })).toBe('failed');
        expect(world.realm.posts.map(({ grantType }) => grantType)).toEqual([of]);
        expect(world.published.at(-1)).toMatchObject({
          detailType: 'TokenRefreshFailed',
          detail: { version, reason: 'unrecognized-unknown-error' },
        });
        expect(await world.attempts.credentialsMark()).toBeUndefined();
        await hoursOfTries(world, 12);
        const passwords = world.realm.posts.filter(({ grantType }) => grantType === 'password');
        expect(passwords.length).toBeGreaterThan(15);
        expect(passwords.length).toBeLessThan(20);
        world.realm.answer = undefined;
        await hoursOfTries(world, 1);
        expect((await world.bundle()).version).toBeGreaterThan(version);
        expect(told(world)).toEqual([]);
      },
    );

    it('of a refresh is followed by the password from the second one on, within a minute', async () => {
      const world = make();
      await world.process().refresh();
      world.realm.answer = (ticket) =>
        ticket.grantType === 'refresh_token'
          ? unrecognized()
          : Promise.resolve(world.realm.judge(ticket));
      world.realm.posts.length = 0;
      expect(await world.process().refresh({ version: 1 })).toBe('failed');
      world.clock.advanceSeconds(31);
      expect(await world.process().refresh({ version: 1 })).toBe('issued');
      expect(world.realm.posts.map(({ grantType }) => grantType)).toEqual([
        'refresh_token',
        'refresh_token',
        'password',
      ]);
      expect((await world.bundle()).version).toBe(2);
    });

    it('is told the operator after a day, as what our own configuration may be to blame for', async () => {
      const world = make();
      world.realm.answer = unrecognized;
      await world.process().refresh();
      await hoursOfTries(world, 23);
      expect(told(world)).toEqual([]);
      await hoursOfTries(world, 2);
      const { account } = world;
      const fields = { account, code: 'misconfigured', reason: 'unrecognized-unknown-error' };
      expect(told(world)).toMatchObject([{ fields }]);
    });
  });
}

/** A warning whenever the account's rest is over, for so long. */
async function hoursOfTries(world: ClaroshopWorld, hours: number): Promise<void> {
  const endMs = world.clock.now().getTime() + hours * 3_600_000;
  const { version } = await world.bundle();
  for (;;) {
    const { rest } = await world.attempts.standing();
    if (rest === undefined || rest.until.getTime() > endMs) return;
    world.clock.advanceSeconds((rest.until.getTime() - world.clock.now().getTime()) / 1_000);
    await world.process().refresh({ version });
  }
}
