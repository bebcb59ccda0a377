import { settings } from '#functions/refresh-cafe24-token/settings.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { KILLS, Killing, MAX_ROUNDS, SEED } from './killing.ts';
import { kindOfLoss, type Loss } from './loss.ts';

const MALLS = Array.from({ length: 10 }, (_, index) => `e2e-${String(index + 101)}`);
const { warnCafe24Expiry, recoverCafe24Grants, refreshCafe24Token } = inject('stack');

let killing: Killing;
beforeAll(async () => {
  killing = await Killing.begin(MALLS, refreshCafe24Token);
  await Promise.all(MALLS.map(authorize));
});
afterAll(() => killing.end());

test(`the refresh of Cafe24 grants survives ${String(KILLS)} SIGKILLs during rotations (SEED=${String(SEED)})`, async () => {
  const { tally } = killing;
  const lost: Record<Loss, number> = { unreached: 0, unsaved: 0, unexplained: 0 };
  for (let round = 0; round < MAX_ROUNDS && tally.interruptions < KILLS; round++) {
    await areDue();
    await killing.strike(() => killing.sweep(warnCafe24Expiry));
    await settle();
    await authorizeTheLost(lost);
  }
  // All is healthy: what the last kill cost shows at the next refresh, and then all are alive.
  await areDue();
  await killing.everyMallWorks(() => killing.sweep(warnCafe24Expiry));
  await settle();
  await authorizeTheLost(lost);
  await Promise.all(MALLS.map((mallId) => killing.isAlive(mallId)));
  const told = await killing.everyOutcomeWasTold();
  console.log('refresh', { ...tally, grantsLost: lost, outcomesTold: told });
  expect(lost.unexplained).toBe(0);
  // Some kills came after the escrow had taken what the locked table could not.
  expect(tally.installed).toBeGreaterThan(0);
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

async function authorizeTheLost(lost: Record<Loss, number>): Promise<void> {
  const marked = await killing.story.sql(
    `select mall_id from cafe24.oauth_tokens where mall_id = any($1) and status <> 'active'`,
    [MALLS],
  );
  for (const { mall_id: mallId } of marked) {
    const told = await killing.story.observer.untilNow(
      (event) =>
        event['detail-type'] === 'ReauthorizationRequired' && event.detail['mallId'] === mallId,
    );
    expect(told.at(-1)?.detail['reason']).toBe('rotation-lost');
    lost[await lossOf(String(mallId))] += 1;
    await authorize(String(mallId));
  }
}

/** By the last rotation that the provider made for the mall, and the kill that came upon it. */
async function lossOf(mallId: string): Promise<Loss> {
  const { requests } = await killing.story.cafe24.memory(mallId);
  const rotation = requests.findLast(
    ({ grantType, issuedPairId }) => grantType === 'refresh_token' && issuedPairId !== null,
  );
  return kindOfLoss(rotation, killing.killedAt, settings.timeoutSeconds * 1_000);
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
