import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { submitSlaErrors } from '#functions/submit-sla-errors/submit-sla-errors.ts';
import { systemClock } from '#shared/clock.ts';
import { cognitoTokens, type TokenVerifier } from '#shared/cognito/token-verifier.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { eventBridgeBatches } from '#shared/eventbridge/batch-publisher.ts';
import { AuthenticationError } from '#shared/http/errors.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { jsonRequest, lambdaContext } from '#test/support/http-requests.ts';
import { logText } from '#test/support/log-text.ts';
import { recordingLog, type RecordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';
import { scriptedEventBus, type ScriptedEventBus } from '#test/support/scripted-event-bus.ts';
import {
  CLIENT_ID,
  forgedTokens,
  newKey,
  startTokenIssuer,
  type KeysAnswer,
  type TokenIssuer,
} from '#test/support/token-issuer.ts';

const COOLDOWN_MS = 1_000;
const BODY = {
  sla_error: [
    { folder: 'C:\\in', sla: 60, files: [{ filename: 'a', creationDate: '2024-06-15T19:25:25' }] },
  ],
};

let issuer: TokenIssuer;
let bus: ScriptedEventBus;
let log: RecordingLog;

beforeEach(async () => {
  issuer = await startTokenIssuer();
  bus = scriptedEventBus();
  log = recordingLog();
});

afterEach(() => issuer.close());

const verifier = (tokenUse: 'id' | 'access' = 'id'): TokenVerifier =>
  cognitoTokens(
    { issuers: [issuer.issuer], clientId: CLIENT_ID, tokenUse },
    { cooldownDuration: COOLDOWN_MS, timeoutDuration: 500 },
  );

async function submit(token: string, tokens = verifier()) {
  const dependencies = {
    tokens,
    bus: eventBridgeBatches('bus-1', { client: bus.client, pause, random: Math.random }),
    zone: 'America/Bogota',
    clock: systemClock,
    newId: () => '00000000-0000-4000-8000-000000000001',
  };
  const handler = httpHandler(
    {
      route: 'POST /file_sla_error',
      answer: (request, context) => submitSlaErrors({ request, context, dependencies }),
    },
    { log, metrics: recordingMetrics() },
  );
  const event = jsonRequest(BODY, { Authorization: `Bearer ${token}` });
  const { statusCode, body } = await handler(event, lambdaContext());
  return { status: statusCode, body: JSON.parse(body) as unknown };
}

describe('tokens of the issuer', () => {
  it('are accepted, and the submission names their subject only', async () => {
    expect(await submit(await issuer.idToken())).toMatchObject({ status: 200 });
    expect(bus.published[0]!.detail).toMatchObject({ submittedBy: 'sender-1' });
    expect(JSON.stringify(bus.published)).not.toContain('ana');
  });

  it('are accepted whatever the case of "Bearer", and with blanks around', async () => {
    const token = await issuer.idToken();
    expect(await verifier().verify(`bearer   ${token} `)).toEqual({ subject: 'sender-1' });
  });

  it('are accepted under each name that the pool may sign with, by the keys of that name', async () => {
    const names = ['http://127.0.0.1:9/us-east-1_testpool', issuer.issuer];
    const tokens = cognitoTokens({ issuers: names, clientId: CLIENT_ID, tokenUse: 'id' });
    expect((await submit(await issuer.idToken(), tokens)).status).toBe(200);
    const ofTheOther = await issuer.idToken({ iss: names[0] });
    expect((await submit(ofTheOther, tokens)).status).toBe(503);
  });

  it('are fetched keys for once, however many come at once', async () => {
    const tokens = verifier();
    const token = await issuer.idToken();
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => (await submit(token, tokens)).status),
    );
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200));
    expect(issuer.fetches()).toBe(1);
  });

  it('are accepted as access tokens where that is configured', async () => {
    const tokens = verifier('access');
    expect((await submit(await issuer.accessToken(), tokens)).status).toBe(200);
    for (const token of [
      await issuer.idToken(),
      await issuer.accessToken({ client_id: 'client-2' }),
      await issuer.accessToken({ client_id: undefined }),
      await issuer.accessToken({ exp: undefined }),
      await issuer.accessToken({ token_use: 'id' }),
    ]) {
      expect((await submit(token, tokens)).status).toBe(401);
    }
    expect(bus.published).toHaveLength(1);
  });
});

describe('forged tokens', () => {
  it('are refused with one identical 401, and nothing is published', async () => {
    const forged = await forgedTokens(issuer);
    const tokens = verifier();
    const answers: Record<string, unknown> = {};
    for (const [name, token] of Object.entries(forged)) answers[name] = await submit(token, tokens);
    const unauthorized = { status: 401, body: { message: 'Unauthorized' } };
    expect(answers).toEqual(
      Object.fromEntries(Object.keys(forged).map((name) => [name, unauthorized])),
    );
    expect(bus.calls).toEqual([]);
  });

  it('leave no claim and no token in the log', async () => {
    const expired = await issuer.idToken({ exp: 1 });
    await submit(expired);
    await submit(await issuer.idToken({ aud: 'client-2' }));
    await submit(await issuer.idToken({ iss: 'https://other.example/pool' }));
    await submit('no-jwt');
    expect(logText(log)).toContain('unknown-issuer');
    expect(logText(log)).toContain('no-jwt');
    expect(logText(log)).toContain('ERR_JWT_EXPIRED');
    expect(logText(log)).toContain('ERR_JWT_CLAIM_VALIDATION_FAILED');
    for (const secret of ['ana', 'sender-1', expired, expired.split('.')[2]!]) {
      expect(logText(log)).not.toContain(secret);
    }
  });

  it('of any shape are refused as tokens, never taken for a fault of the keys', async () => {
    const tokens = verifier();
    const good = await issuer.idToken();
    // Every eighth place of a good token, damaged; and what is no token.
    const damaged = Array.from({ length: Math.floor(good.length / 8) }, (_, index) => {
      const place = index * 8;
      const other = good[place] === 'A' ? 'B' : 'A';
      return `Bearer ${good.slice(0, place)}${other}${good.slice(place + 1)}`;
    });
    const odd = ['Bearer', 'Bearer ', `Basic ${good}`, good, `Bearer ${good} ${good}`, 'Bearer ñ'];
    for (const header of [undefined, '', ...odd, ...damaged]) {
      await expect(tokens.verify(header), header).rejects.toThrow(AuthenticationError);
    }
  });
});

describe('keys', () => {
  it('that were rotated are found once the cooldown is over, and the old ones are gone', async () => {
    const tokens = verifier();
    const old = await issuer.idToken();
    const next = await newKey('key-2');
    expect((await submit(old, tokens)).status).toBe(200);
    issuer.rotate(next);
    const fresh = await issuer.idToken();
    expect((await submit(fresh, tokens)).status).toBe(401);
    expect((await submit(old, tokens)).status).toBe(200);
    await pause(COOLDOWN_MS + 50);
    expect((await submit(fresh, tokens)).status).toBe(200);
    expect((await submit(old, tokens)).status).toBe(401);
  });

  it.each<KeysAnswer>(['error', 'html', 'reset', 'silence'])(
    'that can not be fetched (%s) make 503, never 401, until they can',
    async (answer) => {
      issuer.answersWith(answer);
      const tokens = verifier();
      const token = await issuer.idToken();
      const statuses = [await submit(token, tokens), await submit('a.b.c', tokens)].map(
        ({ status }) => status,
      );
      expect(statuses).toEqual([503, 401]);
      expect(bus.calls).toEqual([]);
      issuer.answersWith('keys');
      expect((await submit(token, tokens)).status).toBe(200);
    },
  );

  it('that were fetched serve on while the issuer is away', async () => {
    const tokens = verifier();
    const token = await issuer.idToken();
    expect((await submit(token, tokens)).status).toBe(200);
    issuer.answersWith('error');
    expect((await submit(token, tokens)).status).toBe(200);
  });

  it('of an issuer that nobody reaches make 503', async () => {
    const token = await issuer.idToken({ iss: 'http://127.0.0.1:9/pool' });
    const tokens = cognitoTokens({
      issuers: ['http://127.0.0.1:9/pool'],
      clientId: CLIENT_ID,
      tokenUse: 'id',
    });
    await expect(tokens.verify(`Bearer ${token}`)).rejects.toThrow(DependencyUnavailableError);
  });
});
