import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { grantToBundle } from '#shared/claroshop/bundle.ts';
import { bundleName, projectedNames } from '#shared/claroshop/names.ts';
import { bundleToEvent } from '#shared/claroshop/outcome-events.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { OpenAttempt } from '#shared/grants/leased-attempts.ts';
import { ssmClaroshopTokens } from '#shared/ssm/claroshop-tokens.ts';
import type { Parameters } from '#shared/ssm/parameters.ts';
import { inMemoryAttempts } from '#test/support/claroshop/in-memory-attempts.ts';
import { inMemoryParameters } from '#test/support/claroshop/in-memory-parameters.ts';
import { someClaroshopGrant } from '#test/support/claroshop/some-grant.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const account = 'default';
const subject = accountToSubject(account);
const cause = { correlationId: 'chain', causationId: 'warning' };
const deadline = { remainingMs: () => 60_000 };

let parameters: ReturnType<typeof inMemoryParameters>;
let attempts: ReturnType<typeof inMemoryAttempts>;
beforeEach(() => {
  parameters = inMemoryParameters();
  attempts = inMemoryAttempts(subject, fixedClock().now);
});

const storeOn = (on: Parameters) =>
  ssmClaroshopTokens({
    parameters: on,
    attemptsOf: () => attempts,
    log: recordingLog(),
    commitMs: 10_000,
    pause: () => Promise.resolve(),
    random: () => 0,
  });

async function begun(baseVersion: number): Promise<OpenAttempt> {
  const attemptId = randomUUID();
  const attempt = { attemptId, subject, grantType: 'refresh_token', baseVersion, cause } as const;
  await attempts.begin({ attemptId, cause, leaseMs: 30_000 });
  await attempts.declare(attempt);
  return attempt;
}

function saveOf(attempt: OpenAttempt, grant = someClaroshopGrant()) {
  const bundle = grantToBundle(grant, attempt.attemptId);
  return { grant, bundle, event: bundleToEvent(bundle, attempt) };
}

async function store(baseVersion: number) {
  const attempt = await begun(baseVersion);
  const save = saveOf(attempt);
  await storeOn(parameters).commit(attempt, save, false);
  return save;
}

describe('an old read of the bundle', () => {
  it('that is older than the base calls nothing overtaken: the grant is stored', async () => {
    await store(0);
    await store(1);
    const next = await begun(2);
    const [name, value, type] = [bundleName(account), '{"older":true}', 'SecureString'] as const;
    const old: Parameters = {
      ...parameters,
      read: () => Promise.resolve(new Map([[name, { name, value, type, version: 1 }]])),
    };
    const finished = await storeOn(old).commit(next, saveOf(next), false);
    const unpublished = { detail: { version: 3 } };
    expect(finished).toMatchObject({ outcome: 'refreshed', unpublished });
  });

  it('is read again until it is none older than the lease knows of, else the message comes again', async () => {
    await store(0);
    const { bundle } = await store(1);
    let oldReads = 3;
    const lagging: Parameters = {
      ...parameters,
      read: async (asked) => (oldReads-- > 0 ? new Map() : await parameters.read(asked)),
    };
    expect(await storeOn(lagging).read(account)).toEqual({ version: 2, bundle });
    oldReads = Infinity;
    await expect(storeOn(lagging).read(account)).rejects.toMatchObject({
      code: 'ssm-reads-are-old',
      fate: 'retry',
    });
  });

  it('never brings the names back to what it says', async () => {
    await store(0);
    await storeOn(parameters).project(account, deadline);
    const old = await parameters.read([bundleName(account)]);
    const { bundle } = await store(1);
    const lagging: Parameters = {
      ...parameters,
      read: async (asked) => new Map([...(await parameters.read(asked)), ...old]),
    };
    expect(await storeOn(lagging).project(account, deadline, bundle)).toEqual({
      version: 2,
      bundle,
    });
    const access = projectedNames(account)[0]!;
    expect(parameters.held.get(access)?.value).toBe(bundle.access_token);
    parameters.calls.length = 0;
    await expect(storeOn(lagging).project(account, deadline)).rejects.toMatchObject({
      code: 'ssm-reads-are-old',
    });
    expect(parameters.calls.filter((call) => call.startsWith('put'))).toEqual([]);
  });
});
