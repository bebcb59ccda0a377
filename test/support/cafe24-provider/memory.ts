import type { RequestMemory, TokenRequestRecord } from '../scripted-provider/token-requests.ts';

/**
 * What the provider remembers of a mall. Every `…At` is an ISO-8601 UTC string with milliseconds,
 * so that they compare as text. Secrets are shown: they are invented.
 */
export interface MallMemory extends RequestMemory<GrantType, Cafe24RequestRecord> {
  readonly mallId: string;
  readonly codes: IssuedCode[];
  readonly families: TokenFamily[];
  /** The refresh tokens that would be taken now; those in their grace period are not among them. */
  readonly aliveRefreshTokens: string[];
}

type GrantType = 'authorization_code' | 'refresh_token';

export interface Cafe24RequestRecord extends TokenRequestRecord {
  /** The code or token pair that the request named; null: none that this mall was ever given. */
  codeId: string | null;
  redeemedPairId: string | null;
  /** The pair that it got, whether or not the client has seen it. */
  issuedPairId: string | null;
}

export interface IssuedCode {
  readonly id: string;
  readonly code: string;
  readonly scopes: readonly string[];
  readonly issuedAt: string;
  readonly expiresAt: string;
  usedAt: string | null;
  /** What it was redeemed for. */
  familyId: string | null;
}

/** All that came from one authorization. */
export interface TokenFamily {
  readonly id: string;
  readonly codeId: string;
  readonly scopes: readonly string[];
  readonly pairs: TokenPair[];
  revokedAt: string | null;
  revokedBecause: RevocationReason | null;
}

export type RevocationReason =
  | 'code-reused'
  | 'refresh-token-reused'
  | 'new-authorization'
  | 'revoked-by-client'
  | 'revoked-by-mall';

export interface TokenPair {
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly issuedAt: string;
  readonly accessExpiresAt: string;
  readonly refreshExpiresAt: string;
  /** When the refresh token was spent. */
  rotatedAt: string | null;
  successorId: string | null;
}

/** A mall as the provider keeps it: what it remembers, without what follows from it. */
export type Mall = Omit<MallMemory, 'aliveRefreshTokens'>;

export function newMall(mallId: string): Mall {
  return {
    mallId,
    requests: [],
    codes: [],
    families: [],
    inFlight: { authorization_code: 0, refresh_token: 0 },
    maxInFlight: { authorization_code: 0, refresh_token: 0 },
  };
}

/** A copy that later requests don't change. */
export function recall(mall: Mall, now: Date): MallMemory {
  const aliveRefreshTokens = mall.families.flatMap((family) =>
    family.pairs.filter((pair) => isAlive(family, pair, now)).map((pair) => pair.refreshToken),
  );
  return structuredClone({ ...mall, aliveRefreshTokens });
}

/** Whether a refresh with the pair's token would rotate it now. */
export function isAlive(family: TokenFamily, pair: TokenPair, now: Date): boolean {
  return (
    family.revokedAt === null &&
    pair.rotatedAt === null &&
    now.toISOString() < pair.refreshExpiresAt
  );
}
