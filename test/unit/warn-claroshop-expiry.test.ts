import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { warnClaroshopExpiry } from '#functions/warn-claroshop-expiry/warn-claroshop-expiry.ts';
import { projectedNames } from '#shared/claroshop/names.ts';
import { DependencyRefusedError } from '#shared/errors.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { leaveGivenUpInEscrow, leaveOpenInEscrow } from '#test/support/claroshop/left-in-escrow.ts';

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

  it.each([
    ['whose process has just put it there', leaveOpenInEscrow],
    ['whose attempt was given up, though the account rests', leaveGivenUpInEscrow],
  ])('installs a grant in escrow %s', async (_, leave) => {
    await leave(world);
    await world.process().sweep();
    const { version, bundle } = await world.bundle();
    expect(version).toBe(2);
    expect(bundle?.refresh_token).toBe(world.realm.livingRefreshToken);
    expect(await world.stores.escrow.list()).toEqual([]);
    expect(world.published.at(-1)).toMatchObject({
      detailType: 'TokenRefreshed',
      detail: { version: 2 },
    });
  });

  it('leaves a grant in escrow to whoever works for the account', async () => {
    await leaveGivenUpInEscrow(world);
    const cause = { correlationId: 'chain', causationId: 'warning' };
    const other = { attemptId: randomUUID(), cause, leaseMs: 30_000 };
    await world.attempts.begin({ ...other, asksNobody: true });
    await world.process().sweep();
    expect(await world.bundle()).toMatchObject({ version: 1 });
    await world.attempts.giveBack(other.attemptId);
    await world.process().sweep();
    expect(await world.bundle()).toMatchObject({ version: 2 });
  });

  it('installs what is in escrow beside an item that can not be read, and then says so', async () => {
    await leaveGivenUpInEscrow(world);
    const { escrow } = world.stores;
    const unreadable = new Error('An item that nobody can read.');
    const list = (tell?: (error: Error) => void) => {
      tell?.(unreadable);
      return escrow.list();
    };
    const { grants, deadline } = world.process();
    const { account, metrics, log } = world;
    const dependencies = { ...grants, escrow: { ...escrow, list } };
    await expect(
      warnClaroshopExpiry(deadline, { ...dependencies, accounts: [account], metrics, log }),
    ).rejects.toBe(unreadable);
    expect(await world.bundle()).toMatchObject({ version: 2 });
  });

  it('leaves what is in escrow to the next run when it has no time for it', async () => {
    await leaveGivenUpInEscrow(world);
    const { grants } = world.process();
    const { account, metrics, log } = world;
    const deadline = { remainingMs: () => 9_000 };
    await warnClaroshopExpiry(deadline, { ...grants, accounts: [account], metrics, log });
    expect(await world.bundle()).toMatchObject({ version: 1 });
    expect(await world.stores.escrow.list()).toHaveLength(1);
  });

  it('counts an account that it can not look at as one without a living token', async () => {
    await world.process().refresh();
    await expect(sweep({ read: refused })).rejects.toMatchObject({ code: 'ssm-refused' });
    expect(world.metrics.counts).toContain('ClaroshopTokensExpired 1');
  });

  it('mends the names of a due account, and counts it right, while the bus is away', async () => {
    await world.process().refresh();
    world.clock.advanceSeconds(200);
    await world.stores.parameters.delete(projectedNames(world.account)[0]!);
    world.busIsAway = true;
    await expect(world.process().sweep()).rejects.toMatchObject({ code: 'publish-failed' });
    expect(await world.staleNames()).toEqual([]);
    expect(world.metrics.counts).toContain('ClaroshopTokensExpired 0');
  });

  it('counts refused credentials also while a session lives on without them', async () => {
    await world.process().refresh();
    world.clock.advanceSeconds(1_700);
    world.credentials = { username: 'seller', password: 'wrong' };
    await world.process().refresh({ version: 1 });
    await world.process().refresh({ version: 1 });
    expect(await world.process().sweep()).toMatchObject({ warned: 0, expired: 0, refused: 1 });
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
