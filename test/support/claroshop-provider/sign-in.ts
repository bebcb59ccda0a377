import { invalidGrant, OAuthRefusal } from '../scripted-provider/refusal.ts';
import { type Issuing, startSession } from './issuing.ts';
import type { Held } from './memory.ts';
import { words } from './wordings.ts';

/**
 * Signs in by password, in the order and the words of Keycloak's direct grant flow
 * (ValidateUsername, ValidatePassword, ResourceOwnerPasswordCredentialsGrantType; read 2026-11).
 *
 * Left out: Keycloak also locks an account for a minute after two failures within a second.
 *
 * @throws {@link OAuthRefusal}
 */
export function signIn(issuing: Issuing, password: string | null): Held {
  const { account, switches, now } = issuing;
  const invalidCredentials = () =>
    new OAuthRefusal(
      { status: switches.invalidCredentialsStatus, error: 'invalid_grant' },
      words.wrongCredentials,
    );
  if (account.password === null) throw invalidCredentials();
  // While it is locked, nothing is counted and the right password does not help.
  if (account.lockedUntil !== null && now.toISOString() < account.lockedUntil) {
    throw invalidCredentials();
  }
  if (!account.isEnabled) throw invalidGrant(words.accountDisabled);
  if (password !== account.password) {
    countFailure(issuing);
    throw invalidCredentials();
  }
  if (!account.isSetUp) throw invalidGrant(words.accountNotSetUp);
  account.failures = 0;
  account.lockedUntil = null;
  return startSession(issuing);
}

function countFailure({ account, switches, now }: Issuing): void {
  account.failures += 1;
  const locks = Math.floor(account.failures / switches.lockAfterFailures);
  if (locks === 0) return;
  const lockMs = switches.lockSeconds * locks * 1000;
  account.lockedUntil = new Date(now.getTime() + lockMs).toISOString();
}
