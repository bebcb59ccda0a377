import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { grantToBundle } from '#shared/claroshop/bundle.ts';
import { bundleToEvent } from '#shared/claroshop/outcome-events.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { ClaroshopWorld } from './claroshop-world.ts';

/** A refresh whose grant could be saved nowhere but in escrow: its attempt is open still. */
export async function leaveOpenInEscrow(world: ClaroshopWorld): Promise<void> {
  await world.process().refresh();
  world.clock.advanceSeconds(200);
  const process = world.process();
  const { tokens } = process.grants;
  Object.assign(tokens, { commit: () => Promise.reject(new Error('away')) });
  expect(await process.refresh({ version: 1 })).toBe('escrowed');
}

/**
 * A refresh whose process slept through the end of its lease: others gave its attempt up, the account
 * rests, and its grant came into escrow after that.
 */
export async function leaveGivenUpInEscrow(world: ClaroshopWorld): Promise<void> {
  await world.process().refresh();
  world.clock.advanceSeconds(200);
  const { bundle } = await world.bundle();
  const refreshToken = bundle?.refresh_token ?? '';
  const subject = accountToSubject(world.account);
  const cause = { correlationId: 'chain', causationId: 'warning' };
  const attemptId = randomUUID();
  const attempt = {
    attemptId,
    subject,
    grantType: 'refresh_token',
    baseVersion: 1,
    baseAttemptId: bundle?.attempt_id,
    cause,
  } as const;
  await world.attempts.begin({ attemptId, cause, leaseMs: 30_000 });
  await world.attempts.declare(attempt);
  const ticket = { grantType: 'refresh_token', refreshToken } as const;
  const redeemed = await world.realm.provider().redeem(ticket, 10_000);
  if (redeemed.kind !== 'granted') throw new Error('The scripted realm gave no grant.');
  world.clock.advanceSeconds(40);
  await world.attempts.close(attemptId, { outcome: 'abandoned', reason: 'lease-expired' });
  const event = bundleToEvent(grantToBundle(redeemed.grant, attemptId), attempt);
  await world.stores.escrow.put(attempt, { grant: redeemed.grant, event });
}
