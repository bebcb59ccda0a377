import { beforeEach, describe, expect, it } from 'vitest';
import { bundleToEvent } from '#shared/claroshop/outcome-events.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import { DependencyRefusedError, DependencyUnavailableError } from '#shared/errors.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { leaveGivenUpInEscrow } from '#test/support/claroshop/left-in-escrow.ts';
import { someClaroshopGrant } from '#test/support/claroshop/some-grant.ts';

let world: ClaroshopWorld;
beforeEach(() => {
  world = new ClaroshopWorld(inMemoryStores().storesOf);
});

const away = () => Promise.reject(new DependencyUnavailableError('dynamodb-unavailable', 'away'));

/** The account whose spent refresh token is refused, since its successor lies in escrow only. */
async function withSuccessorInEscrow() {
  await leaveGivenUpInEscrow(world);
  world.clock.advanceSeconds(31);
  const process = world.process();
  return { process, refresh: () => process.refresh({ version: 1 }) };
}

async function expectSuccessor(): Promise<void> {
  const { version, bundle } = await world.bundle();
  expect(version).toBe(2);
  expect(bundle?.refresh_token).toBe(world.realm.livingRefreshToken);
  expect(world.realm.ended('password')).toBe(1);
}

describe('a refresh token that is refused', () => {
  it('is followed by the successor that lies in escrow, which is told at once', async () => {
    const { refresh } = await withSuccessorInEscrow();
    expect(await refresh()).toBe('overtaken');
    await expectSuccessor();
    expect(await world.stores.escrow.list()).toEqual([]);
    expect(world.published.at(-1)).toMatchObject({
      detailType: 'TokenRefreshed',
      detail: { version: 2 },
    });
  });

  it('is overtaken by a successor that is installed and could not be cleared away', async () => {
    const { process, refresh } = await withSuccessorInEscrow();
    Object.assign(process.grants, { escrow: { ...process.grants.escrow, delete: away } });
    expect(await refresh()).toBe('overtaken');
    await expectSuccessor();
  });

  it('is overtaken though the names can not be written', async () => {
    const { process, refresh } = await withSuccessorInEscrow();
    let projections = 0;
    const { tokens } = process.grants;
    const project: typeof tokens.project = (account) =>
      projections++ === 0 ? tokens.read(account) : away();
    Object.assign(process.grants, { tokens: { ...tokens, project } });
    expect(await refresh()).toBe('overtaken');
  });

  it.each(['list', 'read'] as const)(
    'says nothing while the escrow can not be read (%s), and the log says why',
    async (method) => {
      const { process, refresh } = await withSuccessorInEscrow();
      Object.assign(process.grants, { escrow: { ...process.grants.escrow, [method]: away } });
      expect(await refresh()).toBe('failed');
      expect(world.published.at(-1)?.detail).toMatchObject({ reason: 'escrow-unreadable' });
      expect(world.realm.ended('password')).toBe(1);
      const line = world.log.lines.find(({ message }) => message === 'escrow-not-installed');
      expect(line?.fields['error']).toBeInstanceOf(DependencyUnavailableError);
    },
  );

  it.each([
    ['of another account', 'claroshop:another'],
    ['of its own account', 'mine'],
    ['that says not whose it is', undefined],
  ])('is followed by the password beside an item that nobody can read: %s', async (_, whose) => {
    await world.process().refresh();
    world.realm.livingRefreshToken = undefined;
    const process = world.process();
    const subject = whose === 'mine' ? accountToSubject(world.account) : whose;
    const { escrow } = process.grants;
    const list: typeof escrow.list = (onUnreadable) => {
      onUnreadable?.(new Error('not ours'), subject);
      return escrow.list();
    };
    Object.assign(process.grants, { escrow: { ...escrow, list } });
    expect(await process.refresh({ version: 1 })).toBe('issued');
    const lines = world.log.lines.filter(({ message }) => message === 'escrow-unreadable');
    expect(lines.map(({ fields }) => fields['subject'])).toEqual([subject]);
  });

  it('is followed by the successor beside one of its account that can not be installed', async () => {
    const { process, refresh } = await withSuccessorInEscrow();
    const { tokens, escrow } = process.grants;
    const [good] = await escrow.list();
    const poison = { ...good!, attempt: { ...good!.attempt, attemptId: 'poison' } };
    const refused = new DependencyRefusedError('parameter-refused', 'never');
    Object.assign(process.grants, {
      escrow: {
        ...escrow,
        list: () => Promise.resolve([poison, good!]),
        read: async (id: string) => (id === 'poison' ? poison.save : await escrow.read(id)),
      },
      tokens: {
        ...tokens,
        commit: (...args: Parameters<typeof tokens.commit>) =>
          args[0].attemptId === 'poison' ? Promise.reject(refused) : tokens.commit(...args),
      },
    });
    expect(await refresh()).toBe('overtaken');
    await expectSuccessor();
  });

  it('is followed by what can be read, whatever else can not', async () => {
    const { process, refresh } = await withSuccessorInEscrow();
    const { escrow } = process.grants;
    const list: typeof escrow.list = (onUnreadable) => {
      onUnreadable?.(new Error('not ours'));
      return escrow.list();
    };
    Object.assign(process.grants, { escrow: { ...escrow, list } });
    expect(await refresh()).toBe('overtaken');
    await expectSuccessor();
  });

  it('is dead although the escrow holds what was installed long ago', async () => {
    await world.process().refresh();
    await world.process().refresh({ version: 1 });
    const bundle = (await world.bundle()).bundle!;
    const old = {
      attemptId: bundle.attempt_id,
      subject: accountToSubject(world.account),
      grantType: 'refresh_token',
      baseVersion: 1,
      cause: { correlationId: 'chain', causationId: 'warning' },
    } as const;
    const event = bundleToEvent(bundle, old);
    await world.stores.escrow.put(old, { grant: someClaroshopGrant(), event });
    await world.process().refresh({ version: 2 });
    world.realm.livingRefreshToken = undefined;
    expect(await world.process().refresh({ version: 3 })).toBe('issued');
    expect(await world.stores.escrow.list()).toEqual([]);
  });
});
