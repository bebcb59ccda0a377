import { randomBytes, randomUUID } from 'node:crypto';
import type { Account, Held, IssuedTokens, Session } from './memory.ts';
import type { Switches } from './switches.ts';

/** One act of the provider: for whom, under which switches, when. */
export interface Issuing {
  readonly account: Account;
  readonly switches: Switches;
  readonly now: Date;
}

export function startSession(issuing: Issuing): Held {
  const at = issuing.now.toISOString();
  const session: Session = {
    id: randomUUID(),
    startedAt: at,
    refreshedAt: at,
    endedAt: null,
    endedBecause: null,
    lastUsedTokenId: null,
    uses: 0,
    tokens: [],
  };
  issuing.account.sessions.push(session);
  return { session, tokens: issueTokens(issuing, session) };
}

/** Makes a pair whose lives end with the session's maximum at the latest, as Keycloak does. */
export function issueTokens({ account, switches, now }: Issuing, session: Session): IssuedTokens {
  const sessionEndMs = Date.parse(session.startedAt) + switches.sessionMaxSeconds * 1000;
  const endOf = (seconds: number) =>
    new Date(Math.min(now.getTime() + seconds * 1000, sessionEndMs)).toISOString();
  const earlier = account.sessions.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const tokens: IssuedTokens = {
    id: `tokens-${earlier + 1}`,
    accessToken: jwtOf('Bearer', session, switches.accessTokenLength),
    refreshToken: switches.issuesRefreshTokens
      ? jwtOf('Refresh', session, switches.refreshTokenLength)
      : null,
    issuedAt: now.toISOString(),
    accessExpiresAt: endOf(switches.accessSeconds),
    refreshExpiresAt: endOf(switches.sessionIdleSeconds),
  };
  session.refreshedAt = tokens.issuedAt;
  session.tokens.push(tokens);
  return tokens;
}

/** Looks like a JWT of that length; its signature is noise. */
function jwtOf(typ: string, { id: sid }: Session, length: number): string {
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const signed = `${part({ alg: 'none' })}.${part({ typ, sid })}.`;
  return (
    signed +
    randomBytes(length)
      .toString('base64url')
      .slice(0, length - signed.length)
  );
}
