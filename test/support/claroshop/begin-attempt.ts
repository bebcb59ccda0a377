import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import type { Attempt, GrantType } from '#shared/grants/ports.ts';

const LEASE_MS = 30_000;

export const cause = { correlationId: 'chain', causationId: 'warning' };

export const request = (attemptId: string = randomUUID()) => ({
  ...{ attemptId, cause, leaseMs: LEASE_MS },
});

interface About {
  readonly grantType?: GrantType | undefined;
  readonly baseVersion?: number | undefined;
}

/** Begins an attempt that is about to ask the provider. */
export async function beginAttempt(
  attempts: LeasedAttempts,
  subject: string,
  { grantType = 'refresh_token', baseVersion = 3 }: About = {},
): Promise<Attempt> {
  const baseAttemptId = randomUUID();
  const attempt = { attemptId: randomUUID(), subject, grantType, baseVersion, baseAttemptId };
  expect(await attempts.begin(request(attempt.attemptId))).toMatchObject({ kind: 'begun' });
  expect(await attempts.declare(attempt)).toBe(true);
  return attempt;
}
