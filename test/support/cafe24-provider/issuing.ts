import { OAuthRefusal } from '../scripted-provider/refusal.ts';
import {
  isAlive,
  type IssuedCode,
  type Mall,
  type RevocationReason,
  type TokenFamily,
  type TokenPair,
} from './memory.ts';
import type { Switches } from './switches.ts';
import { words } from './wordings.ts';

/** One act of the provider: where, under which switches, when, and how new secrets are made. */
export interface Issuing {
  readonly mall: Mall;
  readonly switches: Switches;
  readonly now: Date;
  readonly newSecret: () => string;
}

export interface IssuedGrant {
  readonly family: TokenFamily;
  readonly pair: TokenPair;
}

/** Makes a code that lives `codeSeconds` from `issuing.now`. */
export function issueCode(issuing: Issuing, scopes: readonly string[]): IssuedCode {
  const { mall, switches, now, newSecret } = issuing;
  const code: IssuedCode = {
    id: `code-${mall.codes.length + 1}`,
    code: newSecret(),
    scopes,
    issuedAt: now.toISOString(),
    expiresAt: after(now, switches.codeSeconds),
    usedAt: null,
    familyId: null,
  };
  mall.codes.push(code);
  return code;
}

/** Spends a code and starts a family of tokens. @throws {@link OAuthRefusal} the code is no good. */
export function redeemCode(issuing: Issuing, code: IssuedCode | undefined): IssuedGrant {
  const { mall, switches, now } = issuing;
  if (code === undefined) throw new OAuthRefusal(switches.deadCode, words.unknownCode);
  if (code.usedAt !== null) {
    const issued = mall.families.find(({ id }) => id === code.familyId);
    if (issued && switches.codeReuseRevokesIssued) revoke(issued, 'code-reused', now);
    throw new OAuthRefusal(switches.deadCode, words.usedCode);
  }
  if (now.toISOString() >= code.expiresAt) {
    throw new OAuthRefusal(switches.deadCode, words.expiredCode);
  }
  if (switches.newAuthorizationRevokesOldFamilies) {
    for (const older of mall.families) revoke(older, 'new-authorization', now);
  }
  const family: TokenFamily = {
    id: `family-${mall.families.length + 1}`,
    codeId: code.id,
    scopes: code.scopes,
    pairs: [],
    revokedAt: null,
    revokedBecause: null,
  };
  mall.families.push(family);
  code.usedAt = now.toISOString();
  code.familyId = family.id;
  return { family, pair: issuePair(issuing, family) };
}

/**
 * Spends a refresh token: its successor is alive and it is dead from now on.
 *
 * @throws {@link OAuthRefusal} it is dead or unknown, worded as the switch `deadRefreshToken` says.
 */
export function rotate(issuing: Issuing, grant: IssuedGrant | undefined): IssuedGrant {
  const { switches, now } = issuing;
  if (grant === undefined)
    throw new OAuthRefusal(switches.deadRefreshToken, words.deadRefreshToken);
  const { family, pair } = grant;
  if (pair.rotatedAt !== null) return takeAgain(issuing, grant);
  if (!isAlive(family, pair, now)) {
    throw new OAuthRefusal(switches.deadRefreshToken, words.deadRefreshToken);
  }
  const successor = issuePair(issuing, family);
  pair.rotatedAt = now.toISOString();
  pair.successorId = successor.id;
  return { family, pair: successor };
}

function takeAgain(issuing: Issuing, { family, pair }: IssuedGrant): IssuedGrant {
  const { switches, now } = issuing;
  const rotatedAt = new Date(pair.rotatedAt ?? now);
  const successor = family.pairs.find(({ id }) => id === pair.successorId);
  const inGrace = now.toISOString() < after(rotatedAt, switches.graceSeconds);
  if (inGrace && successor && isAlive(family, successor, now)) {
    const same = switches.graceSuccessor === 'same';
    return { family, pair: same ? successor : issuePair(issuing, family) };
  }
  if (switches.reuseRevokesFamily) revoke(family, 'refresh-token-reused', now);
  throw new OAuthRefusal(switches.deadRefreshToken, words.deadRefreshToken);
}

/** What is revoked stays revoked for its first reason. */
export function revoke(family: TokenFamily, reason: RevocationReason, now: Date): void {
  if (family.revokedAt !== null) return;
  family.revokedAt = now.toISOString();
  family.revokedBecause = reason;
}

/** The pair of this mall that matches, spent or not, with its family. */
export function findGrant(
  { families }: Mall,
  matches: (pair: TokenPair) => boolean,
): IssuedGrant | undefined {
  return families
    .flatMap((family) => family.pairs.map((pair) => ({ family, pair })))
    .find(({ pair }) => matches(pair));
}

function issuePair({ mall, switches, now, newSecret }: Issuing, family: TokenFamily): TokenPair {
  const earlier = mall.families.reduce((sum, { pairs }) => sum + pairs.length, 0);
  const pair: TokenPair = {
    id: `pair-${earlier + 1}`,
    accessToken: newSecret(),
    refreshToken: newSecret(),
    issuedAt: now.toISOString(),
    accessExpiresAt: after(now, switches.accessSeconds),
    refreshExpiresAt: after(now, switches.refreshSeconds),
    rotatedAt: null,
    successorId: null,
  };
  family.pairs.push(pair);
  return pair;
}

function after(instant: Date, seconds: number): string {
  return new Date(instant.getTime() + seconds * 1000).toISOString();
}
