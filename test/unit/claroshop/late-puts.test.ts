import { beforeEach, describe, expect, it } from 'vitest';
import { bundleName } from '#shared/claroshop/names.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { leaveGivenUpInEscrow, leaveOpenInEscrow } from '#test/support/claroshop/left-in-escrow.ts';

let world: ClaroshopWorld;
beforeEach(() => {
  world = new ClaroshopWorld(inMemoryStores().storesOf);
});

/** A put that was given up as unanswered, and repeated, is done at last: the same grant once more. */
async function putStoredOnceMore(): Promise<void> {
  const { parameters } = world.stores;
  const name = bundleName(world.account);
  const { value = '', type = 'SecureString' } = (await parameters.read([name])).get(name) ?? {};
  await parameters.put({ name, value, type });
}

describe('a late put of the grant that an attempt began with', () => {
  it.each([
    ['its attempt is open', leaveOpenInEscrow],
    ['its attempt was given up', leaveGivenUpInEscrow],
  ])('does not overtake the one that lies in escrow: %s', async (_, leaveInEscrow) => {
    await leaveInEscrow(world);
    await putStoredOnceMore();
    world.clock.advanceSeconds(60);
    await world.process().sweep();
    const { version, bundle } = await world.bundle();
    expect(version).toBe(3);
    expect(bundle?.refresh_token).toBe(world.realm.livingRefreshToken);
    expect(await world.stores.escrow.list()).toEqual([]);
  });

  it('is no successor of a refresh token that is refused: the password follows', async () => {
    await world.process().refresh();
    world.realm.livingRefreshToken = undefined;
    world.realm.delay = async () => {
      if (world.realm.posts.length === 2) await putStoredOnceMore();
    };
    expect(await world.process().refresh({ version: 1 })).toBe('issued');
    const { version, bundle } = await world.bundle();
    expect(version).toBe(3);
    expect(bundle?.refresh_token).toBe(world.realm.livingRefreshToken);
  });
});
