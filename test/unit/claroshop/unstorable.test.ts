import { beforeEach, describe, expect, it } from 'vitest';
import { isStorable } from '#events/text.ts';
import { obtainGrant } from '#shared/claroshop/obtain-grant.ts';
import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { projectedNames } from '#shared/claroshop/names.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { leaveGivenUpInEscrow, leaveOpenInEscrow } from '#test/support/claroshop/left-in-escrow.ts';

const NO_TEXT = ['job \ud83d', 'run-\u0000', '\udc00', 'a\uffffb', 'a {{ssm:/x}} b', '{{{x}}}'];

let world: ClaroshopWorld;
beforeEach(() => {
  world = new ClaroshopWorld(inMemoryStores().storesOf);
});

function isAllStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isAllStorable);
}

async function expectStored(grant: Partial<ClaroshopGrant>): Promise<void> {
  const { bundle } = await world.bundle();
  expect(bundle).toMatchObject(grant);
  expect(bundle?.refresh_token).toBe(world.realm.livingRefreshToken);
  expect(await world.staleNames()).toEqual([]);
  expect(await world.stores.escrow.list()).toEqual([]);
  expect(isAllStorable(world.published)).toBe(true);
  expect(world.outcomes().length).toBe(world.realm.posts.length);
}

describe.each(NO_TEXT)('text that no store takes (%j)', (text) => {
  it('in what led to the attempt costs neither the grant nor its event', async () => {
    const { grants, deadline } = world.process();
    const { account, log } = world;
    const cause = { correlationId: text, causationId: text };
    const turn = { account, version: 0, cause, context: { deadline, log }, dependencies: grants };
    expect(await obtainGrant(turn)).toMatchObject({ outcome: 'issued' });
    await expectStored({});
  });

  it('in what describes a grant is cleaned, in the bundle, the names and the event', async () => {
    world.realm.grantChanges = { scope: text, sessionState: text, tokenType: text };
    expect(await world.process().refresh()).toBe('issued');
    await expectStored({});
  });

  it.each([
    ['whose attempt is open', leaveOpenInEscrow],
    ['whose attempt was given up', leaveGivenUpInEscrow],
  ])(
    'in what describes a grant in escrow is cleaned when it is installed: %s',
    async (_, leave) => {
      world.realm.grantChanges = { scope: text, sessionState: text };
      await leave(world);
      world.clock.advanceSeconds(60);
      await world.process().sweep();
      expect(await world.bundle()).toMatchObject({ version: 2 });
      await expectStored({});
    },
  );
});

describe('a token that Parameter Store refuses', () => {
  it('is kept to the letter in the bundle, and the other names are written', async () => {
    world.realm.grantChanges = { accessToken: 'a{{b}}c', refreshToken: 'r{{{s}}}' };
    expect(await world.process().refresh()).toBe('issued');
    const { bundle } = await world.bundle();
    expect(bundle).toMatchObject({ access_token: 'a{{b}}c', refresh_token: 'r{{{s}}}' });
    const names = await world.stores.truth.read(projectedNames(world.account));
    expect(names.size).toBe(6);
    expect(world.log.lines.map(({ message }) => message)).toContain('names-not-written-yet');
  });
});

describe('a grant of more than 8 KB', () => {
  const long = 'x'.repeat(8_100);

  it.each([
    ['scope', { scope: long }, ['scope']],
    ['session_state', { sessionState: long }, ['scope', 'session_state']],
    ['both', { scope: long, sessionState: long }, ['scope', 'session_state']],
  ])('goes without what describes it: %s', async (_, changes, absent) => {
    world.realm.grantChanges = changes;
    expect(await world.process().refresh()).toBe('issued');
    await expectStored({});
    const { bundle } = await world.bundle();
    for (const field of absent) expect(bundle).not.toHaveProperty(field);
  });

  it('goes without its refresh token before it is lost; the password brings the next one', async () => {
    world.realm.grantChanges = { refreshToken: long };
    expect(await world.process().refresh()).toBe('issued');
    const { bundle } = await world.bundle();
    expect(bundle).not.toHaveProperty('refresh_token');
    expect(bundle).not.toHaveProperty('refresh_expires_at');
    expect(await world.process().refresh({ version: 1 })).toBe('issued');
    expect(world.realm.ended('password')).toBe(2);
  });

  it('is lost, and told so, only when the access token itself is larger than that', async () => {
    world.realm.grantChanges = { accessToken: `${long}${long}` };
    expect(await world.process().refresh()).toBe('failed');
    expect(world.published).toMatchObject([{ detail: { reason: 'grant-too-large' } }]);
  });
});
