import { describe, expect, it } from 'vitest';
import { readCafe24Answer } from '#shared/cafe24/oauth.ts';
import { toAnswered } from '#shared/oauth/post-form.ts';
import { cafe24Losses, cafe24Oddities } from '#test/support/cafe24-provider/oddities.ts';
import type { Configuration } from '#test/support/cafe24-provider/switches.ts';
import {
  application,
  exchangeForm,
  mallId,
  unplugged,
} from '#test/support/cafe24-provider/unplugged.ts';
import { cafe24Wordings } from '#test/support/cafe24-provider/wordings.ts';
import { refusalFault } from '#test/support/scripted-provider/wordings.ts';

const asked = {
  mallId,
  clientId: application.clientId,
  requestedAt: new Date('2026-03-01T12:00:00.000Z'),
};

/** What becomes of a code at a scripted Cafe24, as the reader understands it. */
function exchange(switches: Configuration) {
  const { provider, configure, exchange: post } = unplugged();
  configure(switches);
  const code = provider.issueCode(mallId);
  const { status = 0, text } = post(code);
  const sent = Buffer.from(text).subarray(0, switches.cutToBytes ?? undefined);
  const redeemed = readCafe24Answer(toAnswered(status, sent.toString()), exchangeForm(code), asked);
  return { redeemed, memory: provider.memory(mallId) };
}

describe('what the scripted Cafe24 says', () => {
  it.each(Object.entries(cafe24Oddities))('is a grant with %s', (_, switches) => {
    const { redeemed, memory } = exchange(switches);
    if (redeemed.kind !== 'granted') throw new Error(`${redeemed.kind} ${redeemed.reason}`);
    expect(redeemed.grant.clocksDisagree).toBe(false);
    expect(redeemed.grant.grant).toMatchObject({
      mallId,
      clientId: application.clientId,
      refreshToken: memory.aliveRefreshTokens[0],
      expiresAt: new Date('2026-03-01T14:00:00.000Z'),
      refreshTokenExpiresAt: new Date('2026-03-15T12:00:00.000Z'),
      tokenType: 'Bearer',
    });
  });

  it.each(['shownScopes: commas', 'shownScopes: blanks'])('names the scopes with %s', (name) => {
    const shownScopes = name.endsWith('commas') ? 'commas' : 'blanks';
    const { redeemed } = exchange({ shownScopes });
    expect(redeemed).toMatchObject({
      grant: { grant: { scopes: ['mall.read_product', 'mall.read_order'] } },
    });
  });

  it.each(Object.entries(cafe24Losses))('is never told as unspent with %s', (_, switches) => {
    const { redeemed, memory } = exchange(switches);
    expect(memory.aliveRefreshTokens).toHaveLength(1);
    expect(redeemed.kind).toBe('unknown');
  });

  it.each(cafe24Wordings)('$status $error "$description" is $means', (wording) => {
    expect(exchange({ fault: refusalFault(wording) }).redeemed.kind).toBe(wording.means);
  });
});
