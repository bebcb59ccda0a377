import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { toLogLine } from '#infra/local/function-log.ts';
import {
  attributesOf,
  beginStory,
  peek,
  putEvent,
  SHARED_QUEUE_WITHIN_MS,
  type Story,
} from '#test/support/e2e.ts';
import { wholeLogs } from '#test/support/whole-logs.ts';

const mall = (number: number) => `e2e-${String(number).padStart(3, '0')}`;
const MALLS = Array.from({ length: 40 }, (_, index) => mall(index + 1));

let story: Story;
beforeAll(async () => {
  story = await beginStory(...MALLS);
});
afterAll(() => story.end());

const rowOf = (mallId: string) =>
  eventually(() => story.row(mallId), `row of ${mallId}`, SHARED_QUEUE_WITHIN_MS);
/** Until now. */
const outcomesOf = (mallId: string) =>
  story.observer.untilNow(
    ({ detail }) => detail['mallId'] === mallId && detail['attemptId'] !== undefined,
  );
const outcomeOf = (mallId: string) =>
  story.observer.waitFor(
    ({ detail }) => detail['mallId'] === mallId && detail['attemptId'] !== undefined,
    `outcome of ${mallId}`,
  );
const startedAt = new Date();
const functionLog = async () => {
  const [texts = []] = await wholeLogs(story.clients, {
    functionNames: [inject('stack').exchangeCafe24Code.functionName],
    since: startedAt,
    poke: () => story.send('a poke, and not json'),
  });
  return texts.flatMap(({ text }) => toLogLine(text));
};
const requestsOf = async (mallId: string) => (await story.cafe24.memory(mallId)).requests;

describe('a published authorization code', () => {
  it('becomes a row with the columns of the requirement, its expiry right to the second', async () => {
    const mallId = mall(1);
    const code = await story.cafe24.issueCode(mallId);
    await story.publish({ mallId, code });
    const row = await rowOf(mallId);
    const memory = await story.cafe24.memory(mallId);
    const pair = memory.families[0]?.pairs[0];
    const second = (time: unknown) => Math.trunc(new Date(time as string).getTime() / 1000);
    expect(row).toMatchObject({
      access_token: pair?.accessToken,
      refresh_token: pair?.refreshToken,
      mall_id: mallId,
      token_type: 'Bearer',
      status: 'active',
      version: '1',
    });
    expect(second(row['expires_at'])).toBe(second(pair?.accessExpiresAt));
    expect(second(row['refresh_token_expires_at'])).toBe(second(pair?.refreshExpiresAt));
    expect(second(row['issued_at'])).toBe(second(pair?.issuedAt));
    expect(row['scopes']).toEqual(memory.families[0]?.scopes);
    expect(row['client_id']).not.toBeNull();
    expect(row['user_id']).not.toBeNull();
    const { detail } = await outcomeOf(mallId);
    expect(detail).toMatchObject({ provider: 'cafe24', mallId, version: 1 });
    expect(JSON.stringify(detail)).not.toContain(pair?.accessToken);
  });

  it('is found by the id of its row as well', async () => {
    const mallId = mall(2);
    const [row] = await story.sql(
      `insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, $2) returning id`,
      [mallId, await story.cafe24.issueCode(mallId)],
    );
    await story.publish({ mallId, codeId: Number(row?.['id']) });
    await rowOf(mallId);
  });

  it('may be sent to the queue as a bare body', async () => {
    const mallId = mall(3);
    await story.send(JSON.stringify({ mallId, code: await story.cafe24.issueCode(mallId) }));
    await rowOf(mallId);
    expect((await outcomeOf(mallId))['detail-type']).toBe('TokenIssued');
  });

  it('is redeemed once when its event comes ten times at once', async () => {
    const mallId = mall(4);
    const code = await story.cafe24.issueCode(mallId);
    await Promise.all(Array.from({ length: 10 }, () => story.publish({ mallId, code })));
    await rowOf(mallId);
    await outcomeOf(mallId);
    await story.isEmpty(story.queueUrl);
    expect(await requestsOf(mallId)).toHaveLength(1);
    expect(await rowOf(mallId)).toMatchObject({ version: '1' });
    expect(await outcomesOf(mallId)).toHaveLength(1);
  });

  it('of 61 s of a mall without an active row is not posted and requires a reauthorization', async () => {
    const mallId = mall(5);
    const code = await story.cafe24.issueCode(mallId);
    await story.publish({ mallId, code }, secondsAgo(61));
    expect(await outcomeOf(mallId)).toMatchObject({
      'detail-type': 'ReauthorizationRequired',
      detail: { mallId, version: 0, reason: 'code-expired' },
    });
    expect(await requestsOf(mallId)).toEqual([]);
    expect(await story.row(mallId)).toBeUndefined();
  });

  it('of 61 s of a mall with a living grant is not posted and leaves the row untouched', async () => {
    const mallId = mall(6);
    await story.publish({ mallId, code: await story.cafe24.issueCode(mallId) });
    const row = await rowOf(mallId);
    await outcomeOf(mallId);
    await story.sql(
      `update cafe24.oauth_authorization_codes set received_at = received_at - interval '5 min'
        where mall_id = $1`,
      [mallId],
    );
    await story.publish({ mallId, code: await story.cafe24.issueCode(mallId) }, secondsAgo(61));
    await eventually(async () => {
      const codes = await story.sql(
        `select from cafe24.oauth_authorization_codes where mall_id = $1 and status = 'expired'`,
        [mallId],
      );
      return codes[0];
    }, 'expired code');
    await story.isEmpty(story.queueUrl);
    expect(await requestsOf(mallId)).toHaveLength(1);
    expect(await story.row(mallId)).toEqual(row);
    expect(await outcomesOf(mallId)).toHaveLength(1);
  });

  it('of one mall does not wait for that of another', async () => {
    const [slow, fast] = [mall(7), mall(8)];
    // Long, since another story's 100 codes may stand before ours; a request may take up to 14 s.
    await story.cafe24.configure(slow, { delayMs: 10_000, nextRequests: 1 });
    const codes = await Promise.all([slow, fast].map((it) => story.cafe24.issueCode(it)));
    await story.publish({ mallId: slow, code: codes[0] });
    await story.publish({ mallId: fast, code: codes[1] });
    await Promise.all([rowOf(fast), rowOf(slow)]);
    // By one clock, the provider's: no row is read at the right moment.
    const [slowEnd, fastEnd] = await Promise.all(
      [slow, fast].map(async (it) => (await requestsOf(it))[0]?.endedAt ?? ''),
    );
    expect(fastEnd).not.toBe('');
    expect(fastEnd! < slowEnd!).toBe(true);
  });
});

describe('a batch with one poison record', () => {
  it('stores nine rows and keeps one dead letter with its reason; the nine do not come again', async () => {
    const malls = Array.from({ length: 9 }, (_, index) => mall(11 + index));
    const bodies = await Promise.all(
      malls.map(async (mallId) =>
        JSON.stringify({ mallId, code: await story.cafe24.issueCode(mallId) }),
      ),
    );
    const poison = JSON.stringify({ mallId: mall(20), code: 7 });
    const messageIds = await story.send(...bodies.slice(0, 4), poison, ...bodies.slice(4));
    await Promise.all(malls.map(rowOf));
    const letter = await story.deadLetter(({ Body }) => Body === poison);
    expect(attributesOf(letter)).toMatchObject({
      Reason: 'invalid-message',
      ErrorMessage: expect.stringContaining('code') as string,
      FunctionName: 'exchange-cafe24-code',
      OriginalMessageId: messageIds[4],
    });
    await story.isEmpty(story.queueUrl);
    const deliveries = (await functionLog()).filter(
      ({ fate, messageId }) => fate !== undefined && messageIds.includes(String(messageId)),
    );
    expect(deliveries).toHaveLength(10);
    for (const [index, messageId] of messageIds.entries()) {
      const fate = index === 4 ? 'rejected' : 'acknowledged';
      expect(deliveries).toContainEqual(
        expect.objectContaining({ messageId, fate, receiveCount: 1 }),
      );
    }
  });
});

describe('bad input', () => {
  const from = (body: object) => JSON.stringify(body);
  it.each([
    ['no JSON', 'not json at all', 'body'],
    ['a missing field', from({ code: 'c' }), 'mallId'],
    ['a wrong type', from({ mallId: mall(21), codeId: {} }), 'codeId'],
    ['a mall that is no host label', from({ mallId: 'evil.example/x', code: 'c' }), 'mallId'],
    ['a code over 4 KB', from({ mallId: mall(21), code: 'c'.repeat(4097) }), 'code'],
    ['a mall that is not configured', from({ mallId: 'not-ours', code: 'c' }), 'mallId'],
  ])('(%s) is rejected with a reason that names the field', async (fault, body, field) => {
    const [messageId] = await story.send(body);
    const letter = await story.deadLetter(
      (it) => attributesOf(it)['OriginalMessageId'] === messageId,
    );
    expect(letter.Body).toBe(body);
    expect(attributesOf(letter)).toMatchObject({
      Reason: fault.endsWith('not configured') ? 'unknown-mall' : 'invalid-message',
      ErrorMessage: expect.stringContaining(field) as string,
    });
  });

  it('(a misspelt detail-type) waits in unrouted-events', async () => {
    const mallId = mall(23);
    const entry = { EventBusName: inject('stack').busName, Detail: from({ mallId }) };
    const eventId = await putEvent(story.clients, {
      ...entry,
      DetailType: 'AuthorisationCodeArrived',
      Time: undefined,
    });
    await eventually(async () => {
      const messages = await peek(story.clients, inject('stack').unroutedEventsQueueUrl);
      return messages.find(({ Body }) => Body?.includes(eventId));
    }, 'unrouted event');
    await story.isEmpty(story.queueUrl);
    expect(await requestsOf(mallId)).toEqual([]);
  });

  it('(an unknown code id) is retried to the horizon, then rejected', async () => {
    const body = from({ mallId: mall(22), codeId: '999999999999' });
    const sentAt = Date.now();
    const [messageId] = await story.send(body);
    const letter = await eventually(
      () => story.deadLetter((it) => attributesOf(it)['OriginalMessageId'] === messageId),
      'dead letter at the horizon',
      110_000,
    );
    expect(attributesOf(letter)['Reason']).toBe('retries-exhausted:code-not-found');
    expect(Date.parse(attributesOf(letter)['RejectedAt'] ?? '') - sentAt).toBeGreaterThan(75_000);
  });
});

describe('secrets', () => {
  it('stand in no log line, outcome event or dead letter', async () => {
    const memories = await Promise.all(MALLS.map((it) => story.cafe24.memory(it)));
    const pairs = memories.flatMap(({ families }) => families.flatMap((family) => family.pairs));
    const tokens = pairs.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
    expect(tokens.length).toBeGreaterThan(20);
    const { postgres, cafe24 } = inject('localAws');
    const outcomes = await story.observer.untilNow(
      ({ detail }) => detail['attemptId'] !== undefined,
    );
    const letters = await peek(
      story.clients,
      inject('stack').exchangeCafe24Code.deadLetterQueueUrl,
    );
    const text = JSON.stringify([await functionLog(), outcomes, letters]);
    const leaked = [...tokens, postgres.password, cafe24.clientSecret].filter((it) =>
      text.includes(it),
    );
    expect(leaked).toEqual([]);
    expect(text).toContain('acknowledged');
  });
});

function secondsAgo(seconds: number): Date {
  return new Date(Date.now() - seconds * 1_000);
}
