import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { KILLS, Killing, MAX_ROUNDS, SEED } from './killing.ts';

const MALLS = Array.from({ length: 10 }, (_, index) => `e2e-${String(index + 101)}`);
const { warnCafe24Expiry, recoverCafe24Grants, refreshCafe24Token } = inject('stack');

/** Messages of the dead come back after the queue's visibility timeout of 6 minutes. */
const QUEUE_MS = 400_000;

let killing: Killing;
beforeAll(async () => {
  killing = await Killing.begin(MALLS, refreshCafe24Token);
  await Promise.all(MALLS.map(authorize));
});
afterAll(() => killing.end());

test(`the refresh of Cafe24 grants survives ${String(KILLS)} SIGKILLs during rotations (SEED=${String(SEED)})`, async () => {
  const { tally } = killing;
  let lost = 0;
  for (let round = 0; round < MAX_ROUNDS && tally.interruptions < KILLS; round++) {
    await areDue();
    await killing.strike(() => killing.sweep(warnCafe24Expiry));
    await settle();
    lost += await authorizeTheLost();
  }
  // All is healthy: what the last kill cost shows at the next refresh, and then all are alive.
  await areDue();
  await killing.sweep(warnCafe24Expiry);
  await killing.story.isEmpty(refreshCafe24Token.queueUrl, QUEUE_MS);
  await settle();
  lost += await authorizeTheLost();
  await Promise.all(MALLS.map((mallId) => killing.isAlive(mallId)));
  const told = await killing.everyOutcomeWasTold();
  console.log('refresh', { ...tally, grantsLost: lost, outcomesTold: told });
  expect(tally.interruptions).toBeGreaterThanOrEqual(KILLS);
  expect(told).toBeGreaterThan(KILLS);
});

/** The leases of the dead end, recovery settles their attempts, the malls have rested. */
async function settle(): Promise<void> {
  for (let times = 0; times < 2; times++) {
    await killing.passSeconds(61);
    await killing.sweep(recoverCafe24Grants);
  }
}

/** @returns how many malls had lost their grant; each was lost in a process that died with it. */
async function authorizeTheLost(): Promise<number> {
  const marked = await killing.story.sql(
    `select mall_id from cafe24.oauth_tokens where mall_id = any($1) and status <> 'active'`,
    [MALLS],
  );
  for (const { mall_id: mallId } of marked) {
    const reasons = killing.story.observer
      .seen()
      .filter((event) => event['detail-type'] === 'ReauthorizationRequired')
      .filter(({ detail }) => detail['mallId'] === mallId)
      .map(({ detail }) => detail['reason']);
    expect(reasons.at(-1)).toBe('rotation-lost');
    await authorize(String(mallId));
  }
  return marked.length;
}

async function authorize(mallId: string): Promise<void> {
  await killing.authorize(mallId);
  await killing.isAlive(mallId);
}

const areDue = () =>
  killing.story.sql(
    `update cafe24.refresh_schedule
        set due_at = cafe24.clock(), rest_until = '-infinity', warn_again_at = '-infinity'
      where mall_id = any($1)`,
    [MALLS],
  );
