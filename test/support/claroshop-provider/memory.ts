import type { RequestMemory, TokenRequestRecord } from '../scripted-provider/token-requests.ts';

export type GrantType = 'password' | 'refresh_token';

/**
 * What the provider remembers of an account. Every `…At` is an ISO-8601 UTC string with
 * milliseconds, so that they compare as text. Secrets are shown: they are invented.
 */
export interface AccountMemory extends RequestMemory<GrantType, ClaroshopRequestRecord> {
  readonly username: string;
  /** How many token requests of each grant were received. */
  readonly counts: Record<GrantType, number>;
  readonly sessions: Session[];
  /** Failed sign-ins since the last that succeeded. */
  readonly failures: number;
  readonly lockedUntil: string | null;
  /** The refresh tokens that would be taken now. */
  readonly aliveRefreshTokens: string[];
}

export interface ClaroshopRequestRecord extends TokenRequestRecord {
  /** The refresh token that was sent; null: none that was ever issued. */
  redeemedTokenId: string | null;
  /** The pair that was issued, whether or not the client has seen it. */
  issuedTokenId: string | null;
}

/** All that came from one sign-in. */
export interface Session {
  /** `session_state`. */
  readonly id: string;
  readonly startedAt: string;
  refreshedAt: string;
  endedAt: string | null;
  endedBecause: 'token-reused' | 'signed-out' | null;
  /** The refresh token that came last, and how often it has come. */
  lastUsedTokenId: string | null;
  uses: number;
  readonly tokens: IssuedTokens[];
}

export interface IssuedTokens {
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly issuedAt: string;
  readonly accessExpiresAt: string;
  readonly refreshExpiresAt: string;
}

/** An account as the provider keeps it: what it remembers, without what follows from it. */
export interface Account extends RequestMemory<GrantType, ClaroshopRequestRecord> {
  readonly username: string;
  /** Null: there is no such account, only somebody who says so. */
  password: string | null;
  isEnabled: boolean;
  /** False: a required action is open, e.g. to verify the e-mail address. */
  isSetUp: boolean;
  failures: number;
  lockedUntil: string | null;
  readonly sessions: Session[];
}

export function newAccount(username: string, password: string | null): Account {
  return {
    username,
    password,
    isEnabled: true,
    isSetUp: true,
    failures: 0,
    lockedUntil: null,
    sessions: [],
    requests: [],
    inFlight: { password: 0, refresh_token: 0 },
    maxInFlight: { password: 0, refresh_token: 0 },
  };
}

export interface Held {
  readonly session: Session;
  readonly tokens: IssuedTokens;
}

/** Every pair of tokens that the account was ever given, with its session. */
export function heldBy({ sessions }: Account): Held[] {
  return sessions.flatMap((session) => session.tokens.map((tokens) => ({ session, tokens })));
}

/** A copy that later requests don't change. */
export function recall(account: Account, isAlive: (held: Held) => boolean): AccountMemory {
  const { username, failures, lockedUntil, sessions, requests, inFlight, maxInFlight } = account;
  const countOf = (grantType: GrantType) =>
    requests.filter((request) => request.grantType === grantType).length;
  const alive = heldBy(account).filter(isAlive);
  return structuredClone({
    username,
    failures,
    lockedUntil,
    sessions,
    requests,
    inFlight,
    maxInFlight,
    counts: { password: countOf('password'), refresh_token: countOf('refresh_token') },
    aliveRefreshTokens: alive.flatMap(({ tokens }) => tokens.refreshToken ?? []),
  });
}
