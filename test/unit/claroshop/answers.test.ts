import { describe, expect, it } from 'vitest';
import { readClaroshopAnswer } from '#shared/claroshop/oauth.ts';
import { toAnswered } from '#shared/oauth/post-form.ts';
import type { GrantType } from '#test/support/claroshop-provider/memory.ts';
import { claroshopLosses, claroshopOddities } from '#test/support/claroshop-provider/oddities.ts';
import type { Configuration } from '#test/support/claroshop-provider/switches.ts';
import { realm, unplugged } from '#test/support/claroshop-provider/unplugged.ts';
import { claroshopWordings } from '#test/support/claroshop-provider/wordings.ts';
import { refusalFault } from '#test/support/scripted-provider/wordings.ts';

const REQUESTED_AT = new Date('2026-03-01T12:00:00.000Z');
const [account] = realm.accounts;
const tickets = {
  password: { grantType: 'password', ...account },
  refresh_token: { grantType: 'refresh_token', refreshToken: 'sent' },
} as const;

/** What a sign-in at a scripted ClaroShop brings, as the reader understands it. */
function signIn(switches: Configuration, as: GrantType = 'password') {
  const { provider, configure, signIn: post } = unplugged();
  configure(switches);
  const { status = 0, text } = post();
  const sent = Buffer.from(text).subarray(0, switches.cutToBytes ?? undefined);
  const answer = toAnswered(status, sent.toString());
  const memory = provider.memory(account.username);
  return { redeemed: readClaroshopAnswer(answer, tickets[as], REQUESTED_AT), memory };
}

describe('what the scripted ClaroShop says', () => {
  it.each(Object.entries(claroshopOddities))('is a grant with %s', (_, switches) => {
    const { redeemed, memory } = signIn(switches);
    expect(redeemed).toMatchObject({
      kind: 'granted',
      grant: {
        refreshToken: memory.aliveRefreshTokens[0],
        expiresIn: 300,
        refreshExpiresIn: 1800,
        obtainedAt: REQUESTED_AT,
      },
    });
  });

  it.each(Object.entries(claroshopLosses))('is never told as unspent with %s', (_, switches) => {
    const { redeemed, memory } = signIn(switches);
    expect(memory.aliveRefreshTokens).toHaveLength(1);
    expect(redeemed.kind).toBe('unknown');
  });

  it.each(claroshopWordings)(
    '$status $error "$description" to $to is $means, $reason',
    ({ to, reason, ...wording }) => {
      for (const grantType of to === undefined ? (['password', 'refresh_token'] as const) : [to]) {
        const { redeemed } = signIn({ fault: refusalFault(wording) }, grantType);
        expect(redeemed).toEqual({ kind: wording.means, reason });
      }
    },
  );
});
