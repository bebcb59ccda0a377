import { randomUUID } from 'node:crypto';
import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';

/** A grant with tokens that no other grant of the test run has. */
export function someClaroshopGrant(changes: Partial<ClaroshopGrant> = {}): ClaroshopGrant {
  return {
    accessToken: `access-${randomUUID()}`,
    refreshToken: `refresh-${randomUUID()}`,
    tokenType: 'Bearer',
    expiresIn: 300,
    refreshExpiresIn: 1800,
    scope: 'profile email',
    sessionState: randomUUID(),
    notBeforePolicy: 0,
    obtainedAt: new Date('2026-03-01T12:00:00.000Z'),
    ...changes,
  };
}
