import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { grantToBundle } from '#shared/claroshop/bundle.ts';
import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { bundleName, projectedNames } from '#shared/claroshop/names.ts';
import { bundleToEvent } from '#shared/claroshop/outcome-events.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { LeasedAttempts, OpenAttempt } from '#shared/grants/leased-attempts.ts';
import type { GrantType } from '#shared/grants/ports.ts';
import { ssmError } from '#shared/ssm/ssm-errors.ts';
import { ssmClaroshopTokens } from '#shared/ssm/claroshop-tokens.ts';
import type { Parameters } from '#shared/ssm/parameters.ts';
import { fixedClock } from '../fixed-clock.ts';
import { recordingLog } from '../recording-log.ts';
import { inMemoryAttempts } from './in-memory-attempts.ts';
import { someClaroshopGrant } from './some-grant.ts';

const deadline = { remainingMs: () => 60_000 };
const cause = { correlationId: 'chain', causationId: 'warning' };

/** What the store of bundles and names does on any Parameter Store. */
export function describeClaroshopTokens(title: string, parametersOf: () => Parameters): void {
  let account: string;
  let attempts: LeasedAttempts;
  let puts: string[];
  let parameters: Parameters;
  beforeEach(() => {
    account = `t${randomUUID().slice(0, 8)}`;
    attempts = inMemoryAttempts(accountToSubject(account), fixedClock().now);
    puts = [];
    const real = parametersOf();
    parameters = {
      ...real,
      put: (it, signal) => (puts.push(last(it.name)), real.put(it, signal)),
    };
  });

  const log = recordingLog();
  const storeOn = (on: Parameters) =>
    ssmClaroshopTokens({
      parameters: on,
      attemptsOf: () => attempts,
      log,
      commitMs: 10_000,
      pause: () => Promise.resolve(),
      random: () => 0,
    });
  const tokens = () => storeOn(parameters);

  async function begun(baseVersion: number, grantType: GrantType = 'password') {
    const attemptId = randomUUID();
    const attempt = {
      attemptId,
      subject: accountToSubject(account),
      grantType,
      baseVersion,
      cause,
    };
    await attempts.begin({ attemptId, cause, leaseMs: 30_000 });
    await attempts.declare(attempt);
    return attempt;
  }
  const saveOf = (attempt: OpenAttempt, grant: ClaroshopGrant) => {
    return { grant, event: bundleToEvent(grantToBundle(grant, attempt.attemptId), attempt) };
  };
  async function store(baseVersion: number, changes: Partial<ClaroshopGrant> = {}) {
    const attempt = await begun(baseVersion);
    const grant = someClaroshopGrant(changes);
    const finished = await tokens().commit(attempt, saveOf(attempt, grant), false);
    return { attempt, grant, finished };
  }
  const names = async () => {
    const found = await parameters.read(projectedNames(account));
    return Object.fromEntries([...found.values()].map(({ name, value }) => [last(name), value]));
  };
  const bundle = async () =>
    (await parameters.read([bundleName(account)])).get(bundleName(account));

  describe(`${title}: the bundle`, () => {
    it('is stored with what follows from the response, and tells it', async () => {
      const { grant, attempt, finished } = await store(0);
      const stored = await bundle();
      expect(stored).toMatchObject({ type: 'SecureString', version: 1 });
      expect(JSON.parse(stored!.value)).toEqual({
        access_token: grant.accessToken,
        refresh_token: grant.refreshToken,
        token_type: 'Bearer',
        expires_in: 300,
        refresh_expires_in: 1800,
        scope: 'profile email',
        session_state: grant.sessionState,
        'not-before-policy': 0,
        obtained_at: '2026-03-01T12:00:00.000Z',
        expires_at: '2026-03-01T12:05:00.000Z',
        refresh_expires_at: '2026-03-01T12:30:00.000Z',
        attempt_id: attempt.attemptId,
      });
      expect(finished).toMatchObject({
        outcome: 'issued',
        unpublished: { detailType: 'TokenIssued', detail: { account, version: 1 } },
      });
    });

    it('is written before any name', async () => {
      await store(0);
      expect(puts).toEqual(['token']);
      expect(await names()).toEqual({});
    });

    it('is not overwritten by who began with an older one', async () => {
      const late = await begun(0);
      const first = parameters.put.bind(parameters);
      await first({ name: bundleName(account), value: '{"by":"hand"}', type: 'SecureString' });
      const finished = await tokens().commit(late, saveOf(late, someClaroshopGrant()), false);
      expect(finished).toMatchObject({ outcome: 'overtaken', unpublished: undefined });
      expect((await bundle())?.value).toBe('{"by":"hand"}');
    });

    it('is not overtaken by a late put of the one that it follows', async () => {
      const { attempt: base } = await store(0);
      const next = { ...(await begun(1)), baseAttemptId: base.attemptId };
      const { value } = (await bundle())!;
      await parameters.put({ name: bundleName(account), value, type: 'SecureString' });
      const grant = someClaroshopGrant();
      const finished = await tokens().commit(next, saveOf(next, grant), false);
      expect(finished).toMatchObject({
        outcome: 'issued',
        unpublished: { detail: { version: 3 } },
      });
    });

    it('is put once when the answer to the put got lost, and by nobody else', async () => {
      const attempt = await begun(0);
      const grant = someClaroshopGrant();
      const deaf: Parameters = {
        ...parameters,
        put: (it) => parameters.put(it).then(() => Promise.reject(new Error('answer lost'))),
      };
      await expect(storeOn(deaf).commit(attempt, saveOf(attempt, grant), false)).rejects.toThrow();
      const finished = await tokens().commit(attempt, saveOf(attempt, grant), true);
      expect(finished).toMatchObject({
        outcome: 'issued',
        unpublished: { detail: { version: 1 } },
      });
      expect(puts).toEqual(['token']);
    });

    it('is recognised when its process died before it ended the attempt, with its event', async () => {
      const attempt = await begun(0);
      const grant = someClaroshopGrant();
      const save = saveOf(attempt, grant);
      const dying = { ...attempts, commit: () => Promise.reject(new Error('stopped')) };
      const living = attempts;
      attempts = dying;
      await expect(tokens().commit(attempt, save, false)).rejects.toThrow('stopped');
      attempts = living;
      const { event } = save;
      expect(await tokens().recognise(attempt)).toEqual({
        attemptId: attempt.attemptId,
        outcome: 'issued',
        unpublished: { ...event, detail: { ...event.detail, version: 1 } },
      });
      expect(await tokens().recognise({ ...attempt, attemptId: randomUUID() })).toBeUndefined();
    });

    it('takes what is over 4 KB', async () => {
      const { grant } = await store(0, { accessToken: 'a'.repeat(5_000) });
      await tokens().project(account, deadline);
      expect((await names())['access_token']).toBe(grant.accessToken);
    });
  });

  describe(`${title}: the names`, () => {
    it('say what the bundle says, secrets as SecureString', async () => {
      const { grant } = await store(0);
      expect(await tokens().project(account, deadline)).toMatchObject({ version: 1 });
      expect(await names()).toEqual({
        access_token: grant.accessToken,
        refresh_token: grant.refreshToken,
        expires_in: '300',
        refresh_expires_in: '1800',
        token_type: 'Bearer',
        scope: 'profile email',
        session_state: grant.sessionState,
        'not-before-policy': '0',
      });
      const found = await parameters.read(projectedNames(account));
      const secret = [...found.values()].filter(({ type }) => type === 'SecureString');
      expect(secret.map(({ name }) => last(name)).sort()).toEqual([
        'access_token',
        'refresh_token',
      ]);
    });

    it('are written only where they differ', async () => {
      const { grant } = await store(0);
      await tokens().project(account, deadline);
      puts.length = 0;
      await store(1, { ...grant, accessToken: 'another', refreshToken: 'another-one' });
      await tokens().project(account, deadline);
      expect(puts).toEqual(['token', 'access_token', 'refresh_token']);
      await tokens().project(account, deadline);
      expect(puts).toHaveLength(3);
    });

    it('are gone, not stale, where the grant has no such field or an empty one', async () => {
      await store(0);
      await tokens().project(account, deadline);
      const absent = { refreshToken: undefined, refreshExpiresIn: undefined };
      await store(1, { ...absent, scope: '', sessionState: undefined });
      await tokens().project(account, deadline);
      expect(Object.keys(await names()).sort()).toEqual([
        'access_token',
        'expires_in',
        'not-before-policy',
        'token_type',
      ]);
    });

    it('keep the type that their readers know', async () => {
      const scope = projectedNames(account).find((name) => name.endsWith('/scope'))!;
      await parameters.put({ name: scope, value: 'old', type: 'SecureString' });
      await store(0);
      await tokens().project(account, deadline);
      expect((await parameters.read([scope])).get(scope)).toMatchObject({
        type: 'SecureString',
        value: 'profile email',
      });
    });

    it('are repaired after somebody changed or deleted one', async () => {
      const { grant } = await store(0);
      await tokens().project(account, deadline);
      const [access = '', refresh = ''] = projectedNames(account);
      await parameters.put({ name: access, value: 'by-hand', type: 'SecureString' });
      await parameters.delete(refresh);
      await tokens().project(account, deadline);
      expect(await names()).toMatchObject({
        access_token: grant.accessToken,
        refresh_token: grant.refreshToken,
      });
    });

    it('are of the newest bundle when another writer came in between', async () => {
      await store(0);
      let newest: ClaroshopGrant | undefined;
      const interrupted: Parameters = {
        ...parameters,
        put: async (it) => {
          const version = await parameters.put(it);
          if (newest === undefined && it.name.endsWith('/expires_in')) {
            newest = (await store(1, { scope: 'newer' })).grant;
            await tokens().project(account, deadline);
          }
          return version;
        },
      };
      await storeOn(interrupted).project(account, deadline);
      expect(await names()).toMatchObject({
        access_token: newest?.accessToken,
        refresh_token: newest?.refreshToken,
        scope: 'newer',
      });
    });

    it('stay as they are without a bundle of ours', async () => {
      const [access = ''] = projectedNames(account);
      await parameters.put({ name: access, value: 'of-the-predecessor', type: 'String' });
      expect(await tokens().project(account, deadline)).toEqual({ version: 0, bundle: undefined });
      expect(await names()).toEqual({ access_token: 'of-the-predecessor' });
    });

    it('are written but for the one that Parameter Store will never take, which is told', async () => {
      await store(0);
      const [access = ''] = projectedNames(account);
      const picky: Parameters = {
        ...parameters,
        put: (it) => (it.name === access ? refusalOf(it.name) : parameters.put(it)),
      };
      await expect(storeOn(picky).project(account, deadline)).rejects.toMatchObject({
        code: 'parameter-refused',
      });
      expect(Object.keys(await names())).toHaveLength(7);
    });

    it('do not wait for each other while Parameter Store is away', async () => {
      await store(0);
      let tries = 0;
      const away: Parameters = { ...parameters, put: () => (tries++, inMemoryRefusal()) };
      const noTime = { remainingMs: () => 1_000 };
      await expect(storeOn(away).project(account, noTime)).rejects.toMatchObject({ fate: 'retry' });
      expect(tries).toBe(1);
    });

    it('are repeated while Parameter Store throttles', async () => {
      await store(0);
      let refusals = 3;
      const throttling: Parameters = {
        ...parameters,
        put: (it) => {
          if (refusals-- > 0) return inMemoryRefusal();
          return parameters.put(it);
        },
      };
      await storeOn(throttling).project(account, deadline);
      expect(Object.keys(await names())).toHaveLength(8);
    });
  });
}

function inMemoryRefusal(): Promise<never> {
  return Promise.reject(
    ssmError(Object.assign(new Error('slow down'), { name: 'TooManyUpdates' })),
  );
}

function refusalOf(name: string): Promise<never> {
  const limit = Object.assign(new Error(name), { name: 'ParameterMaxVersionLimitExceeded' });
  return Promise.reject(ssmError(limit));
}

function last(name: string): string {
  return name.split('/').at(-1) ?? '';
}
