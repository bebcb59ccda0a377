import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { bundleName, projectedNames } from '#shared/claroshop/names.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { realStores } from '#test/support/claroshop/real-stores.ts';
import { ssmControl } from '#test/support/ssm-control.ts';

const localAws = inject('localAws');
const parameterStore = ssmControl(localAws.endpointUrl);
const faults = { operation: 'PutParameter', error: 'ThrottlingException' } as const;

let stores: Awaited<ReturnType<typeof realStores>>;
beforeAll(async () => {
  stores = await realStores(localAws);
});
afterAll(() => stores.drop());

/** How often a put of the name was throttled. */
async function throttled(name: string): Promise<number> {
  const calls = await parameterStore.calls(name);
  return calls.filter(({ error }) => error === faults.error).length;
}

it('a grant whose puts are throttled is stored by its own process, with its names', async () => {
  const world = new ClaroshopWorld(stores.storesOf);
  const bundle = bundleName(world.account);
  const [access = ''] = projectedNames(world.account);
  // More than come before the escrow.
  await parameterStore.fail({ ...faults, prefix: bundle, times: 6 });
  await parameterStore.fail({ ...faults, prefix: access, times: 3 });
  expect(await world.process().refresh()).toBe('issued');
  expect([await throttled(bundle), await throttled(access)]).toEqual([6, 3]);
  expect(await world.bundle()).toMatchObject({ version: 1 });
  expect(await world.staleNames()).toEqual([]);
  expect(await world.stores.escrow.list()).toEqual([]);
  expect(world.outcomes()).toEqual(['TokenIssued']);
});
