import { describe, expect, test } from 'vitest';
import { realm, tokensOf, unplugged } from '#test/support/claroshop-provider/unplugged.ts';

const [{ username }] = realm.accounts;
const dead = (error_description: string) => ({
  status: 400,
  json: { error: 'invalid_grant', error_description },
});

/** A session with the refresh token that its sign-in brought. */
function signedIn(switches: Parameters<ReturnType<typeof unplugged>['configure']>[0] = {}) {
  const plugged = unplugged();
  plugged.configure(switches);
  return { ...plugged, ...tokensOf(plugged.signIn()) };
}

describe('a session', () => {
  test('is kept by refreshes and dies when it is idle', () => {
    const { refresh, pass, refreshToken } = signedIn({ sessionIdleSeconds: 60 });
    pass(59);
    const next = tokensOf(refresh(refreshToken));
    pass(59);
    const last = tokensOf(refresh(next.refreshToken));
    pass(60);
    expect(refresh(last.refreshToken)).toMatchObject(dead('Token is not active'));
  });

  test('gives no token a life beyond its maximum', () => {
    const { provider, refresh, pass, refreshToken } = signedIn({ sessionMaxSeconds: 2_000 });
    pass(1_500);
    const answer = refresh(refreshToken);
    expect(answer.json).toMatchObject({ expires_in: 300, refresh_expires_in: 500 });
    pass(400);
    const last = refresh(tokensOf(answer).refreshToken);
    expect(last.json).toMatchObject({ expires_in: 100, refresh_expires_in: 100 });
    pass(100);
    const { accessToken, refreshToken: lastRefreshToken } = tokensOf(last);
    expect(provider.isAccessAlive(accessToken)).toBe(false);
    expect(refresh(lastRefreshToken)).toMatchObject(dead('Token is not active'));
  });

  test('keeps its state through refreshes; a new sign-in starts another', () => {
    const { provider, refresh, signIn, refreshToken } = signedIn();
    const state = ({ json }: ReturnType<typeof signIn>) => json['session_state'];
    const [first] = provider.memory(username).sessions;
    expect(state(refresh(refreshToken))).toBe(first?.id);
    expect(state(signIn())).not.toBe(first?.id);
    expect(provider.isAlive(refreshToken)).toBe(true);
  });

  test('that an operator ended takes all its tokens along', () => {
    const { provider, refresh, refreshToken, accessToken } = signedIn();
    provider.signOut(username);
    expect(refresh(refreshToken)).toMatchObject(dead('Session not active'));
    expect(provider.isAccessAlive(accessToken)).toBe(false);
  });

  test('of an account that is disabled meanwhile can not be refreshed', () => {
    const { provider, refresh, refreshToken } = signedIn();
    provider.putAccount(username, { isEnabled: false });
    expect(refresh(refreshToken)).toMatchObject(dead('User disabled'));
  });

  test('is none for a token that nobody was given', () => {
    expect(unplugged().refresh('invented')).toMatchObject(dead('Invalid refresh token'));
  });

  test('has access tokens that live as long as they say', () => {
    const { provider, pass, accessToken } = signedIn({ accessSeconds: 5 });
    expect(provider.isAccessAlive(accessToken)).toBe(true);
    pass(5);
    expect(provider.isAccessAlive(accessToken)).toBe(false);
    expect(provider.isAccessAlive('invented')).toBe(false);
  });
});

describe('rotation', () => {
  test('leaves a spent refresh token alive when it is off', () => {
    const { refresh, refreshToken } = signedIn();
    expect([refresh(refreshToken).status, refresh(refreshToken).status]).toEqual([200, 200]);
  });

  test('takes each refresh token once, and whoever sends one again ends the session', () => {
    const { provider, refresh, refreshToken } = signedIn({ revokeRefreshToken: true });
    const next = tokensOf(refresh(refreshToken));
    expect(provider.memory(username).aliveRefreshTokens).toEqual([next.refreshToken]);
    expect(refresh(refreshToken)).toMatchObject(
      dead('Maximum allowed refresh token reuse exceeded'),
    );
    expect(refresh(next.refreshToken)).toMatchObject(dead("Session doesn't have required client"));
    expect(provider.isAccessAlive(next.accessToken)).toBe(true);
    expect(provider.memory(username).sessions).toMatchObject([{ endedBecause: 'token-reused' }]);
  });

  test('calls a token stale whose successor was spent too', () => {
    const { refresh, pass, refreshToken } = signedIn({ revokeRefreshToken: true });
    pass(1);
    const second = tokensOf(refresh(refreshToken));
    pass(1);
    const third = tokensOf(refresh(second.refreshToken));
    expect(refresh(refreshToken)).toMatchObject(dead('Stale token'));
    expect(refresh(third.refreshToken)).toMatchObject(dead("Session doesn't have required client"));
  });

  test('takes a token once more where the realm allows it', () => {
    const { refresh, refreshToken } = signedIn({
      revokeRefreshToken: true,
      refreshTokenMaxReuse: 1,
    });
    const seen = [1, 2, 3].map(() => refresh(refreshToken).status);
    expect(seen).toEqual([200, 200, 400]);
  });

  test('loses the grant whose answer did not arrive; a sign-in heals that', () => {
    const { configure, refresh, signIn, refreshToken } = signedIn({ revokeRefreshToken: true });
    configure({ fault: { kind: 'reset', afterIssuing: true }, nextRequests: 1 });
    expect(refresh(refreshToken).kind).toBe('reset');
    expect(refresh(refreshToken)).toMatchObject(
      dead('Maximum allowed refresh token reuse exceeded'),
    );
    expect(refresh(tokensOf(signIn()).refreshToken).status).toBe(200);
  });
});
