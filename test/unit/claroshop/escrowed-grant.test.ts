import { beforeEach, describe, expect, it } from 'vitest';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';

let world: ClaroshopWorld;
beforeEach(() => {
  world = new ClaroshopWorld(inMemoryStores().storesOf);
});

const away = () => Promise.reject(new DependencyUnavailableError('ssm-unavailable', 'away'));

/** A process whose first commits fail, so many of them, before or after they are done. */
function failingCommits(failures: number, when: 'before' | 'after') {
  const process = world.process();
  const { tokens } = process.grants;
  const commit = tokens.commit.bind(tokens);
  let left = failures;
  const failing: typeof tokens.commit = async (...args) => {
    if (left-- <= 0) return await commit(...args);
    if (when === 'after') await commit(...args);
    return await away();
  };
  Object.assign(tokens, { commit: failing });
  return process;
}

async function expectAllIsDone(): Promise<void> {
  expect(await world.bundle()).toMatchObject({ version: 1 });
  expect(await world.staleNames()).toEqual([]);
  expect(await world.stores.escrow.list()).toEqual([]);
  expect(await world.attempts.standing()).toMatchObject({ open: undefined, hasUnpublished: false });
  expect(world.outcomes()).toEqual(['TokenIssued']);
}

describe('a grant that had to go into escrow', () => {
  it.each(['before', 'after'] as const)(
    'is installed by its own process when the store is back: commits failed %s they were done',
    async (when) => {
      expect(await failingCommits(14, when).refresh()).toBe('issued');
      await expectAllIsDone();
    },
  );

  it('is left to the next sweep, and its lease too, while the store stays away', async () => {
    expect(await failingCommits(Infinity, 'before').refresh()).toBe('escrowed');
    expect(await world.stores.escrow.list()).toHaveLength(1);
    expect((await world.attempts.standing()).open).toMatchObject({ lives: false });
    await world.process().sweep();
    await expectAllIsDone();
  });

  it('is told, though the escrow can not be cleared, which the next sweep does', async () => {
    const process = failingCommits(4, 'before');
    Object.assign(process.grants, { escrow: { ...process.grants.escrow, delete: away } });
    expect(await process.refresh()).toBe('issued');
    expect(world.outcomes()).toEqual(['TokenIssued']);
    await world.process().sweep();
    await expectAllIsDone();
  });
});
