import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuthorizationStates } from '#shared/cafe24/authorization-states.ts';

interface World {
  readonly states: AuthorizationStates;
  /** Of the mall `demo-mall`. */
  storedCodes(): Promise<readonly string[]>;
  /** From now on all of the store's time is so much later. */
  shiftClock(seconds: number): void | Promise<void>;
}

const random = () => randomBytes(32).toString('base64url');

/** What every store of authorization states must do; run against the fake and the real one. */
export function describeAuthorizationStates(
  name: string,
  createWorld: () => World | Promise<World>,
): void {
  describe(name, () => {
    let world: World;
    let proof: { state: string; browser: string };
    beforeEach(async () => {
      world = await createWorld();
      proof = { state: random(), browser: random() };
      await world.states.issue(proof, 'demo-mall');
    });

    it('leads to the mall that it was issued for', async () => {
      const other = { ...proof, state: random() };
      await world.states.issue(other, 'other-mall');
      expect(await world.states.consume(other)).toBe('other-mall');
      expect(await world.states.consume(proof)).toBe('demo-mall');
    });

    it('serves once, also when it is asked for ten times at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => world.states.consume(proof)),
      );
      expect(answers.filter((mallId) => mallId !== undefined)).toEqual(['demo-mall']);
      expect(await world.states.consume(proof)).toBeUndefined();
    });

    it('is nobody else’s, and stays for its own browser after another has tried', async () => {
      expect(await world.states.consume({ ...proof, browser: random() })).toBeUndefined();
      expect(await world.states.consume(proof)).toBe('demo-mall');
    });

    it('is spent with the code that came with it, which is stored once', async () => {
      const arrived = { code: random(), receivedAt: new Date() };
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => world.states.consumeFor(proof, arrived)),
      );
      expect(answers.filter((it) => it !== undefined)).toEqual([
        { mallId: 'demo-mall', codeId: expect.stringMatching(/^\d+$/) as string },
      ]);
      expect(await world.states.consume(proof)).toBeUndefined();
      expect((await world.storedCodes()).filter((it) => it === arrived.code)).toHaveLength(1);
    });

    it('stores no code for another browser, and stays for its own', async () => {
      const arrived = { code: random(), receivedAt: new Date() };
      const other = { ...proof, browser: random() };
      expect(await world.states.consumeFor(other, arrived)).toBeUndefined();
      expect(await world.storedCodes()).not.toContain(arrived.code);
      expect(await world.states.consume(proof)).toBe('demo-mall');
    });

    it('is not known when nobody issued it', async () => {
      expect(await world.states.consume({ ...proof, state: random() })).toBeUndefined();
    });

    it('serves for 10 minutes and not longer', async () => {
      await world.shiftClock(590);
      const young = { ...proof };
      expect(await world.states.consume(young)).toBe('demo-mall');
      await world.states.issue(proof, 'demo-mall');
      await world.shiftClock(590 + 601);
      expect(await world.states.consume(proof)).toBeUndefined();
    });
  });
}
