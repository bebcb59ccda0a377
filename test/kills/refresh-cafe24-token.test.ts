import { setTimeout as pause } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { beginStory, type Story } from '#test/support/e2e.ts';
import { functionProcesses } from '#test/support/function-processes.ts';

const KILLS = 50;
const MAX_ROUNDS = 120;
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const MALLS = Array.from({ length: 10 }, (_, index) => `e2e-${String(index + 101)}`);

const { warnCafe24Expiry, recoverCafe24Grants, refreshCafe24Token } = inject('stack');
const { endpointUrl, region } = inject('localAws');
const lambda = new LambdaClient({
  endpoint: endpointUrl,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

let story: Story;
let shiftedSeconds = 0;
beforeAll(async () => {
  story = await beginStory(...MALLS);
  await Promise.all(MALLS.map((mallId) => authorize(mallId)));
});
afterAll(async () => {
  await passSeconds(-shiftedSeconds);
  await story.end();
});

describe('the refresh of Cafe24 grants', () => {
  it(`survives ${String(KILLS)} SIGKILLs of its processes (SEED=${String(SEED)})`, async () => {
    const random = randomFrom(SEED);
    let kills = 0;
    let lost = 0;
    for (let round = 0; round < MAX_ROUNDS && kills < KILLS; round++) {
      await story.cafe24.configure('*', { delayMs: Math.floor(random() * 400) });
      await areDue();
      await sweep(warnCafe24Expiry);
      await pause(random() * 600);
      kills += killWorkers();
      await settle();
      lost += await authorizeTheLost();
    }
    await story.cafe24.heal('*');
    await settle();
    await areDue();
    await sweep(warnCafe24Expiry);
    await Promise.all(MALLS.map(isAlive));
    await settle();
    const interrupted = await abandonedAttempts();
    console.log(
      `${String(kills)} processes killed, ${String(interrupted)} attempts interrupted, ` +
        `${String(lost)} grants lost before their first durable write`,
    );
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect(interrupted).toBeGreaterThan(0);
    await everyVersionWasTold();
  });
});

async function abandonedAttempts(): Promise<number> {
  const abandoned = await story.sql(
    `select from cafe24.token_attempts where mall_id = any($1) and outcome = 'abandoned'`,
    [MALLS],
  );
  return abandoned.length;
}

function killWorkers(): number {
  const pids = functionProcesses(refreshCafe24Token.functionName, endpointUrl);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids.length;
}

/** The leases of the dead end, recovery settles their attempts, the malls have rested. */
async function settle(): Promise<void> {
  await passSeconds(61);
  await sweep(recoverCafe24Grants);
  await passSeconds(61);
  await sweep(recoverCafe24Grants);
}

/** @returns how many malls had lost their grant; each was lost in a process that died with it. */
async function authorizeTheLost(): Promise<number> {
  const marked = await story.sql(
    `select mall_id from cafe24.oauth_tokens where mall_id = any($1) and status <> 'active'`,
    [MALLS],
  );
  for (const { mall_id: mallId } of marked) {
    const reasons = story.observer
      .seen()
      .filter((event) => event['detail-type'] === 'ReauthorizationRequired')
      .filter(({ detail }) => detail['mallId'] === mallId)
      .map(({ detail }) => detail['reason']);
    expect(reasons.at(-1)).toBe('rotation-lost');
    await authorize(mallId as string);
  }
  return marked.length;
}

async function isAlive(mallId: string): Promise<void> {
  await eventually(async () => {
    const row = await story.row(mallId);
    const { aliveRefreshTokens } = await story.cafe24.memory(mallId);
    const isTheLiving = aliveRefreshTokens.includes(String(row?.['refresh_token']));
    return isTheLiving && row?.['status'] === 'active' ? true : undefined;
  }, `the living grant in the row of ${mallId}`);
}

/** Every version that any commit made has its event. */
async function everyVersionWasTold(): Promise<void> {
  const committed = await story.sql(
    `select mall_id, version::int from cafe24.token_attempts
      where mall_id = any($1) and outcome in ('issued', 'refreshed')`,
    [MALLS],
  );
  expect(committed.length).toBeGreaterThan(MALLS.length);
  await eventually(() => {
    const told = new Set(
      story.observer
        .seen()
        .filter((event) => /^Token(Issued|Refreshed)$/.test(event['detail-type']))
        .map(({ detail }) => `${String(detail['mallId'])}:${String(detail['version'])}`),
    );
    const untold = committed.filter(
      (it) => !told.has(`${String(it['mall_id'])}:${String(it['version'])}`),
    );
    return Promise.resolve(untold.length === 0 ? true : undefined);
  }, 'an event for each committed version');
}

async function authorize(mallId: string): Promise<void> {
  await story.publish({ mallId, code: await story.cafe24.issueCode(mallId) });
  await isAlive(mallId);
}

const areDue = () =>
  story.sql(
    `update cafe24.refresh_schedule
        set due_at = cafe24.clock(), rest_until = '-infinity', warn_again_at = '-infinity'
      where mall_id = any($1)`,
    [MALLS],
  );

async function sweep({ functionName }: { functionName: string }): Promise<void> {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName }));
  expect(answer.FunctionError).toBeUndefined();
}

async function passSeconds(seconds: number): Promise<void> {
  shiftedSeconds += seconds;
  await story.sql(
    `create or replace function cafe24.clock() returns timestamptz language sql volatile
     return clock_timestamp() + interval '${String(shiftedSeconds)} seconds'`,
  );
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
