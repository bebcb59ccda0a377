import { invalidGrant } from '../scripted-provider/refusal.ts';
import { type Issuing, issueTokens } from './issuing.ts';
import type { Held } from './memory.ts';
import { words } from './wordings.ts';

/**
 * Brings new tokens for a refresh token, in the order and the words of Keycloak's TokenManager
 * (`verifyRefreshToken`, `validateToken`, `validateTokenReuse`; read 2026-11).
 *
 * @param held what the sent refresh token belongs to; undefined when nobody was ever given it.
 * @throws {@link OAuthRefusal} it is dead.
 */
export function refresh(issuing: Issuing, held: Held | undefined): Held {
  const refused = refusalOf(issuing, held);
  if (held === undefined) throw invalidGrant(refused ?? words.unknownToken);
  const { session, tokens } = held;
  if (refused !== undefined) {
    // Also the session's newest refresh token is dead from now on.
    if (REUSED.has(refused)) end(held, 'token-reused', issuing.now);
    throw invalidGrant(refused);
  }
  session.uses = session.lastUsedTokenId === tokens.id ? session.uses + 1 : 1;
  session.lastUsedTokenId = tokens.id;
  return { session, tokens: issueTokens(issuing, session) };
}

const STALE = words.staleToken;
const SPENT = words.spentToken;
const REUSED: ReadonlySet<string> = new Set([STALE, SPENT]);

/** Why a refresh would be refused now; changes nothing. */
export function refusalOf(issuing: Issuing, held: Held | undefined): string | undefined {
  const { account, switches, now } = issuing;
  if (held === undefined) return words.unknownToken;
  const { session, tokens } = held;
  if (now.toISOString() >= tokens.refreshExpiresAt) return words.deadToken;
  if (session.endedBecause === 'signed-out') return words.signedOut;
  if (!account.isEnabled) return words.userDisabled;
  if (session.endedBecause === 'token-reused') return words.noClientSession;
  return switches.revokeRefreshToken ? reuseOf(held, switches.refreshTokenMaxReuse) : undefined;
}

function reuseOf({ session, tokens }: Held, maxReuse: number): string | undefined {
  const isLastUsed = session.lastUsedTokenId === tokens.id;
  if (isLastUsed) return session.uses > maxReuse ? SPENT : undefined;
  const isOlder = session.lastUsedTokenId !== null && tokens.issuedAt < session.refreshedAt;
  return isOlder ? STALE : undefined;
}

/** What is ended stays ended for its first reason. */
export function end(
  { session }: Pick<Held, 'session'>,
  because: NonNullable<Held['session']['endedBecause']>,
  now: Date,
): void {
  if (session.endedAt !== null) return;
  session.endedAt = now.toISOString();
  session.endedBecause = because;
}
