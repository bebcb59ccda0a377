import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStorable } from '#events/text.ts';
import { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { readCafe24Answer } from '#shared/cafe24/oauth.ts';
import { cognitoSignIn } from '#shared/cognito/sign-in.ts';
import { grantToBundle, textToBundle } from '#shared/claroshop/bundle.ts';
import { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { readClaroshopAnswer } from '#shared/claroshop/oauth.ts';
import { ConfigurationError, DependencyUnavailableError } from '#shared/errors.ts';
import type { Redeemed } from '#shared/grants/ports.ts';
import { toAnswered } from '#shared/oauth/post-form.ts';
import { holdsForEach, oddText } from '#test/support/fuzz.ts';
import { cognitoError, scriptedCognito } from '#test/support/scripted-cognito.ts';
import { preludes } from '#test/support/scripted-provider/preludes.ts';

const NOW = new Date('2026-03-01T03:00:00.000Z');
const SENT = 'the-token-that-we-sent';
const asked = { mallId: 'test-mall', clientId: 'client', requestedAt: NOW };

interface Answer {
  readonly status: number;
  readonly text: string;
}

const readers = [
  {
    name: 'Cafe24',
    tokens: ['access_token', 'refresh_token'],
    fields: [
      'expires_at',
      'refresh_token_expires_at',
      'issued_at',
      'client_id',
      'user_id',
      'scopes',
    ],
    read: ({ status, text }: Answer): Redeemed<object> => {
      const redeemed = readCafe24Answer(toAnswered(status, text), { refresh_token: SENT }, asked);
      return redeemed.kind === 'granted'
        ? { kind: 'granted', grant: redeemed.grant.grant }
        : redeemed;
    },
    /** What escrow gives back. */
    again: (json: unknown): unknown => Cafe24Grant.parse(json),
  },
  {
    name: 'ClaroShop',
    tokens: ['access_token'],
    fields: ['refresh_expires_in', 'expires_in', 'scope', 'session_state', 'not-before-policy'],
    read: ({ status, text }: Answer): Redeemed<object> => {
      const ticket = { grantType: 'refresh_token', refreshToken: SENT } as const;
      return readClaroshopAnswer(toAnswered(status, text), ticket, NOW);
    },
    again: (json: unknown): unknown => ClaroshopGrant.parse(json),
  },
];

const successes = fc.integer({ min: 200, max: 299 });
const statuses = fc.oneof(successes, fc.integer({ min: 300, max: 599 }));
const times = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.double(),
  fc.integer({ min: 0, max: 2 ** 45 }),
  fc.constantFrom('2026-03-01T14:00:00.000', '2026-03-01 14:00:00+0900', '1772341200'),
);
const values = fc.oneof(oddText, times, fc.jsonValue({ maxDepth: 2 }));
const tokens = fc.oneof({ weight: 3, arbitrary: fc.base64String({ minLength: 1 }) }, values);
const notices = fc.oneof(fc.constantFrom('', ...Object.values(preludes)), oddText);
const words = fc.oneof(
  oddText,
  fc.constantFrom('Invalid refresh_token', 'Invalid client_secret', 'Session not active', ''),
);
const errors = fc.record({
  error: fc.oneof(words, fc.constantFrom('invalid_grant', 'invalid_client', 'invalid_request')),
  error_description: fc.oneof(words, values),
});

function bodies(fields: readonly string[]): fc.Arbitrary<string> {
  const record = (value: fc.Arbitrary<unknown>) =>
    fc.record(Object.fromEntries(fields.map((field) => [field, value])), { requiredKeys: [] });
  const objects = fc.oneof(record(tokens), errors, fc.tuple(record(values), errors).map(merged));
  const texts = fc.tuple(notices, objects).map(([notice, it]) => notice + JSON.stringify(it));
  const cut = fc.tuple(texts, fc.nat(400)).map(([text, length]) => text.slice(0, length));
  return fc.oneof(texts, cut, oddText, fc.json());
}

const merged = (parts: readonly object[]): object => Object.assign({}, ...parts) as object;

describe.each(readers)('the reader of $name', ({ tokens: required, fields, read, again }) => {
  const all = ['access_token', 'refresh_token', 'token_type', 'mall_id', ...fields];

  it('never throws, says only words of ours, and gives what stores give back', async () => {
    await holdsForEach(fc.record({ status: statuses, text: bodies(all) }), (answer) => {
      const redeemed = read(answer);
      if (redeemed.kind !== 'granted') {
        expect(redeemed.reason).toMatch(/^[a-z0-9_-]{1,40}$/);
        return;
      }
      const json = JSON.stringify(redeemed.grant);
      expect(again(JSON.parse(json))).toEqual(redeemed.grant);
      expect(isStorable(json)).toBe(true);
      expect(json).not.toContain('\\u0000');
    });
  });

  it('loses no grant, and keeps its tokens to the letter', async () => {
    const grants = fc.record(
      Object.fromEntries([
        ...fields.map((field) => [field, values] as const),
        ...required.map((field) => [field, fc.base64String({ minLength: 1 })] as const),
      ]),
      { requiredKeys: [...required] },
    );
    await holdsForEach(fc.tuple(successes, notices, grants), ([status, notice, grant]) => {
      // No other answer before it, nor a name whose value it would be.
      fc.pre(!/access_token|refresh_token|error|"\s*:\s*$/.test(notice));
      const redeemed = read({ status, text: notice + JSON.stringify(grant) });
      expect(redeemed.kind).toBe('granted');
      expect(redeemed).toMatchObject({ grant: { accessToken: grant['access_token'] } });
    });
  });

  it('never says that nothing was issued where a grant may have been', async () => {
    const answers = fc.record({ status: successes, text: bodies(all) });
    await holdsForEach(answers, ({ status, text }) => {
      fc.pre(!/^\s*<(?:!doctype )?html/i.test(text));
      expect(['granted', 'unknown']).toContain(read({ status, text }).kind);
    });
  });
});

describe('ClaroShop’s grants', () => {
  it('become bundles that can be read again', async () => {
    const read = readers[1]!.read;
    const texts = bodies(['access_token', 'refresh_token', ...readers[1]!.fields]);
    await holdsForEach(texts, (text) => {
      const redeemed = read({ status: 200, text });
      if (redeemed.kind !== 'granted') return;
      const attemptId = '0195a0c0-0000-7000-8000-000000000001';
      const bundle = grantToBundle(redeemed.grant as ClaroshopGrant, attemptId);
      expect(textToBundle(JSON.stringify(bundle))).toEqual(bundle);
    });
  });
});

describe('the reader of Cognito', () => {
  const names = fc.oneof(
    fc.constantFrom('NotAuthorizedException', 'InvalidParameterException', 'constructor'),
    oddText,
  );
  const result = fc.record(
    { IdToken: values, ExpiresIn: values, AccessToken: values, NewDeviceMetadata: values },
    { requiredKeys: [] },
  );
  const answers = fc.oneof(
    fc.record({
      status: statuses,
      body: fc.record(
        { ChallengeName: values, Session: values, AuthenticationResult: fc.oneof(result, values) },
        { requiredKeys: [] },
      ),
    }),
    fc.record({ status: statuses, body: fc.jsonValue() }),
    fc.tuple(names, oddText, statuses).map((it) => cognitoError(...it)),
  );

  it('signs in, refuses, or throws an error that has a name', async () => {
    const cognito = scriptedCognito();
    const signIn = cognitoSignIn(cognito.client, { clientId: 'client-1', secret: undefined });
    await holdsForEach(answers, async (answer) => {
      cognito.answersWith(answer);
      const said = await signIn({ username: 'ana', password: 'p' }).catch(
        (error: unknown) => error,
      );
      if (said instanceof ConfigurationError || said instanceof DependencyUnavailableError) return;
      expect(said).not.toBeInstanceOf(Error);
      const { kind, idToken = 'none' } = said as { kind: string; idToken?: string };
      expect(kind).toMatch(/^(?:signed-in|refused|throttled|invalid|action-required)$/);
      expect(idToken).toMatch(/[^]/);
    });
  });
});
