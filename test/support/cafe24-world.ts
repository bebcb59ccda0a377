import { randomUUID } from 'node:crypto';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { AuthorizationCodes, BeginExchange } from '#shared/grants/exchange-ports.ts';
import type { Attempt, Attempts, GrantToSave, Tokens } from '#shared/grants/ports.ts';

/** The stores of Cafe24 with what a test needs to arrange and to look at. */
export interface Cafe24World {
  readonly codes: AuthorizationCodes;
  readonly attempts: Attempts;
  readonly tokens: Tokens<Cafe24Grant>;
  insertCode(mallId: string, ageSeconds?: number): Promise<string>;
  /** Makes the codes that the mall has older. */
  ageCodes(mallId: string, seconds: number): Promise<void>;
  codeStatus(codeId: string): Promise<string | undefined>;
  /** As it may be where the table was there before us. */
  setCodeStatus(codeId: string, status: string): Promise<void>;
  tokenRow(mallId: string): Promise<TokenRow | undefined>;
  /** Somebody marks the mall's row, e.g. as `revoked`. */
  setStatus(mallId: string, status: string): Promise<void>;
  /** The process that holds the lease dies, and its time runs out. */
  expireLease(attemptId: string): Promise<void>;
}

export interface TokenRow {
  readonly version: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly status: string;
}

const LEASE_MS = 20_000;

export function beginRequest(mallId: string, codeId: string): BeginExchange {
  const attemptId = randomUUID();
  return {
    attemptId,
    mallId,
    codeId,
    leaseMs: LEASE_MS,
    eventIfExpired: { detailType: 'ReauthorizationRequired', detail: { mallId, attemptId } },
  };
}

let serial = 0;

/** A grant with tokens that no other grant of the test run has. */
export function someGrant(mallId: string): Cafe24Grant {
  serial += 1;
  return {
    accessToken: `access-${String(serial)}`,
    refreshToken: `refresh-${String(serial)}`,
    expiresAt: new Date('2026-03-01T14:00:00.000Z'),
    refreshTokenExpiresAt: new Date('2026-03-15T12:00:00.000Z'),
    issuedAt: new Date('2026-03-01T12:00:00.000Z'),
    clientId: 'test-client',
    mallId,
    userId: 'admin',
    scopes: ['mall.read_product', 'mall.read_order'],
    tokenType: 'Bearer',
  };
}

export function toSave(grant: Cafe24Grant, { attemptId }: Attempt): GrantToSave<Cafe24Grant> {
  return {
    grant,
    event: { detailType: 'TokenIssued', detail: { mallId: grant.mallId, attemptId } },
  };
}
