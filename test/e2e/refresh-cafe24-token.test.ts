import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { beginStory, type Story } from '#test/support/e2e.ts';

const mall = (number: number) => `e2e-${String(number).padStart(3, '0')}`;
const MALLS = Array.from({ length: 12 }, (_, index) => mall(index + 41));

const { warnCafe24Expiry, recoverCafe24Grants, refreshCafe24Token } = inject('stack');
const { endpointUrl: endpoint, region } = inject('localAws');
const lambda = new LambdaClient({
  endpoint,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

let story: Story;
beforeAll(async () => {
  story = await beginStory(...MALLS);
});
afterAll(() => story.end());

/** Runs a scheduled function now, as its schedule would. */
async function sweep({ functionName }: { functionName: string }): Promise<void> {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName }));
  expect(answer.FunctionError).toBeUndefined();
}

async function authorize(mallId: string): Promise<void> {
  const before = Number((await story.row(mallId))?.['version'] ?? 0);
  await story.publish({ mallId, code: await story.cafe24.issueCode(mallId) });
  await versionOf(mallId, before + 1);
}

const versionOf = (mallId: string, version: number) =>
  eventually(
    async () => {
      const row = await story.row(mallId);
      return Number(row?.['version']) >= version ? row : undefined;
    },
    `version ${String(version)} of ${mallId}`,
  );
const isDue = (mallId: string) =>
  story.sql(
    `update cafe24.refresh_schedule
        set due_at = cafe24.clock(), rest_until = '-infinity', warn_again_at = '-infinity'
      where mall_id = $1`,
    [mallId],
  );
/** A minute goes by, for this mall alone. */
const minutePasses = (mallId: string) =>
  story.sql(
    `update cafe24.refresh_schedule
        set due_at = due_at - interval '1 minute', rest_until = rest_until - interval '1 minute',
            warn_again_at = warn_again_at - interval '1 minute'
      where mall_id = $1`,
    [mallId],
  );
const warningOf = (mallId: string) =>
  JSON.stringify({ provider: 'cafe24', mallId, version: 1, reason: 'expiring' });
/** Somebody warns whatever the sweep thinks; over when the function has seen it. */
async function warnByHand(mallId: string): Promise<void> {
  await story.sendTo(refreshCafe24Token.queueUrl, warningOf(mallId));
  await story.isEmpty(refreshCafe24Token.queueUrl);
}
const scheduleOf = (mallId: string) =>
  story.sql('select * from cafe24.refresh_schedule where mall_id = $1', [mallId]);
const refreshesOf = async (mallId: string) =>
  (await story.cafe24.memory(mallId)).requests.filter(
    ({ grantType }) => grantType === 'refresh_token',
  );
/** Waits until there are so many. */
async function outcomesOf(mallId: string, atLeast: number): Promise<readonly string[]> {
  const outcomes = await story.observer.waitForAll(
    ({ detail }) => detail['mallId'] === mallId && detail['attemptId'] !== undefined,
    { atLeast, what: `outcomes of ${mallId}` },
  );
  return outcomes.map((event) => event['detail-type']);
}

describe('a Cafe24 grant', () => {
  it('rotates twenty times without an error', async () => {
    const mallId = mall(41);
    await story.cafe24.configure(mallId, { accessSeconds: 5 });
    await authorize(mallId);
    for (let version = 1; version <= 20; version++) {
      await isDue(mallId);
      await sweep(warnCafe24Expiry);
      await versionOf(mallId, version + 1);
    }
    const requests = await refreshesOf(mallId);
    expect(requests.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const { aliveRefreshTokens } = await story.cafe24.memory(mallId);
    expect(aliveRefreshTokens).toEqual([(await story.row(mallId))?.['refresh_token']]);
    expect(await outcomesOf(mallId, 21)).toHaveLength(21);
  });

  it('is asked for once by fifty concurrent warnings', async () => {
    const mallId = mall(42);
    await authorize(mallId);
    const warning = warningOf(mallId);
    await Promise.all(
      Array.from({ length: 5 }, () =>
        story.sendTo(refreshCafe24Token.queueUrl, ...Array.from({ length: 10 }, () => warning)),
      ),
    );
    await versionOf(mallId, 2);
    await story.isEmpty(refreshCafe24Token.queueUrl);
    expect(await refreshesOf(mallId)).toHaveLength(1);
    expect(await story.row(mallId)).toMatchObject({ version: '2', status: 'active' });
  });

  it(
    'outlives ten sweeps of an outage without a mark or a storm',
    { timeout: 300_000 },
    async () => {
      const mallId = mall(43);
      await authorize(mallId);
      await story.cafe24.configure(mallId, { fault: { kind: 'status', status: 503 } });
      await isDue(mallId);
      for (let minute = 0; minute < 10; minute++) {
        await sweep(warnCafe24Expiry);
        await warnByHand(mallId);
        await minutePasses(mallId);
      }
      // In the minutes 0, 1, 3 and 7; the next in 15, so that no slow machine comes to it.
      expect(await refreshesOf(mallId)).toHaveLength(4);
      expect(await story.row(mallId)).toMatchObject({ version: '1', status: 'active' });
      await story.cafe24.heal(mallId);
      await isDue(mallId);
      await sweep(warnCafe24Expiry);
      await versionOf(mallId, 2);
    },
  );

  it('that was revoked requires one reauthorization, then silence, until it is authorized anew', async () => {
    const mallId = mall(44);
    await authorize(mallId);
    await story.cafe24.removeApplication(mallId);
    await isDue(mallId);
    await sweep(warnCafe24Expiry);
    await story.observer.waitFor(
      (event) =>
        event['detail-type'] === 'ReauthorizationRequired' && event.detail['mallId'] === mallId,
      'ReauthorizationRequired',
    );
    expect(await story.row(mallId)).toMatchObject({ status: 'reauthorization-required' });
    const schedule = await scheduleOf(mallId);
    await sweep(warnCafe24Expiry);
    expect(await scheduleOf(mallId)).toEqual(schedule);
    await warnByHand(mallId);
    expect(await refreshesOf(mallId)).toHaveLength(1);
    await authorize(mallId);
    expect(await story.row(mallId)).toMatchObject({ version: '2', status: 'active' });
    expect(await outcomesOf(mallId, 3)).toEqual([
      'TokenIssued',
      'ReauthorizationRequired',
      'TokenIssued',
    ]);
  });

  it('is refreshed for a client that saw a 401', async () => {
    const mallId = mall(45);
    await authorize(mallId);
    const detail = { provider: 'cafe24', mallId, version: 1, reason: 'rejected' };
    await story.publishAs('TokenExpiryWarning', detail);
    await versionOf(mallId, 2);
  });
});

describe('recovery', () => {
  it('finishes what a dead process left: its attempt, its code, its outcome', async () => {
    const mallId = mall(46);
    const [code] = await story.sql(
      `insert into cafe24.oauth_authorization_codes (mall_id, code, received_at)
       values ($1, $2, cafe24.clock() - interval '15 s') returning id`,
      [mallId, await story.cafe24.issueCode(mallId)],
    );
    await story.sql(
      `insert into cafe24.token_attempts
         (attempt_id, mall_id, grant_type, code_id, base_version, started_at, lease_until)
       values (gen_random_uuid(), $1, 'authorization_code', $2, 0, cafe24.clock(), cafe24.clock())`,
      [mallId, code?.['id']],
    );
    await story.sql(
      `update cafe24.oauth_authorization_codes set status = 'exchanging' where id = $1`,
      [code?.['id']],
    );
    await sweep(recoverCafe24Grants);
    await versionOf(mallId, 1);
    const attempts = await story.sql(
      'select outcome from cafe24.token_attempts where mall_id = $1 order by attempt_no',
      [mallId],
    );
    expect(attempts).toEqual([{ outcome: 'abandoned' }, { outcome: 'issued' }]);
  });
});
