import { beforeEach, describe, expect, it } from 'vitest';
import { warnClaroshopExpiry } from '#functions/warn-claroshop-expiry/warn-claroshop-expiry.ts';
import { DependencyRefusedError } from '#shared/errors.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';

let world: ClaroshopWorld;
beforeEach(() => {
  world = new ClaroshopWorld(inMemoryStores().storesOf);
});

const refused = () => Promise.reject(new DependencyRefusedError('ssm-refused', 'A parameter.'));

/** A sweep whose store fails in what `broken` names. */
function sweep(broken: object) {
  const { grants, deadline } = world.process();
  Object.assign(grants.tokens, broken);
  const { account, metrics, log } = world;
  return warnClaroshopExpiry(deadline, { ...grants, accounts: [account], metrics, log });
}

describe('warn-claroshop-expiry', () => {
  it('warns of a due account though its names can not be mended, and then says so', async () => {
    await expect(sweep({ project: refused })).rejects.toMatchObject({ code: 'ssm-refused' });
    expect(world.takeWarnings()).toMatchObject([{ version: 0, reason: 'expiring' }]);
  });

  it('counts an account that it can not look at as one without a living token', async () => {
    await world.process().refresh();
    await expect(sweep({ read: refused })).rejects.toMatchObject({ code: 'ssm-refused' });
    expect(world.metrics.counts).toContain('ClaroshopTokensExpired 1');
  });

  it('warns again a minute after a warning that brought a slow answer without a grant', async () => {
    await world.process().refresh();
    world.clock.advanceSeconds(300 - 150 + 59);
    world.realm.answer = () => Promise.resolve({ kind: 'failed', reason: 'status-503' });
    await world.process().sweep();
    world.clock.advanceSeconds(24);
    for (const warning of world.takeWarnings()) await world.process().refresh(warning);
    world.clock.advanceSeconds(60 - 24);
    expect(await world.process().sweep()).toMatchObject({ warned: 1, expired: 0 });
  });
});
