import { describe, expect, test } from 'vitest';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { eventBridgeEnvelope, snsNotification } from '#test/support/eventbridge-envelope.ts';
import { listeningWorker } from '#test/support/listening-worker.ts';

const NAME = 'AuthorizationCodeArrived';
const DETAIL = { mallId: 'demo-mall', codeId: '42' };
const ENVELOPE = eventBridgeEnvelope(NAME, DETAIL);
const ENTRY = {
  ...{ Source: 'orders', DetailType: NAME, EventBusName: 'tokenline' },
  ...{ Time: '2026-03-01T11:59:57Z', Resources: [], Detail: JSON.stringify(DETAIL) },
};
const hear = listeningWorker(AuthorizationCodeArrived);
const json = JSON.stringify;

describe('what certainly is a wrapping is taken off', () => {
  test.each<readonly [string, unknown]>([
    ['the envelope of EventBridge', ENVELOPE],
    ['one that was replayed', { ...ENVELOPE, 'replay-name': 'last-week' }],
    ['one whose detail is JSON in text', { ...ENVELOPE, detail: json(DETAIL) }],
    ['one in another of the same name', eventBridgeEnvelope(NAME, ENVELOPE)],
    ['one that another event carries', eventBridgeEnvelope('Forwarded', ENVELOPE)],
    ['one after a byte order mark', `\u{FEFF}${json(ENVELOPE)}`],
    ['a bare detail after a byte order mark', `\u{FEFF}${json(DETAIL)}`],
    ['a body that was encoded twice', json(json(DETAIL))],
    ['a body that was encoded three times', json(json(json(ENVELOPE)))],
    ['a list of one', [DETAIL]],
    ['a notification of SNS with the envelope', snsNotification(ENVELOPE)],
    ['a notification of SNS with the bare detail', snsNotification(DETAIL)],
    ['a notification of SNS in text', json(json(snsNotification(DETAIL)))],
    ['an entry for put-events', ENTRY],
    ['a file of one entry', [ENTRY]],
    ['the input of put-events', { Entries: [ENTRY] }],
    ['an entry whose detail is an object', { ...ENTRY, Detail: DETAIL }],
  ])('%s', async (_, body) => {
    expect(await hear(body)).toMatchObject({
      message: { detail: DETAIL },
      rejected: undefined,
      warned: {},
    });
  });

  test('a message is as old as the oldest of its wrappings says', async () => {
    const old = { ...ENVELOPE, time: '2026-03-01T11:58:00Z' };
    const published = async (body: object) => (await hear(body)).message?.publishedAt;

    expect(await published(snsNotification(old))).toEqual(new Date('2026-03-01T11:58:00Z'));
    expect(await published(snsNotification(DETAIL))).toEqual(new Date('2026-03-01T11:59:58.123Z'));
    expect(await published(ENTRY)).toEqual(new Date('2026-03-01T11:59:57Z'));
    expect(await published(eventBridgeEnvelope(NAME, old))).toEqual(
      new Date('2026-03-01T11:58:00Z'),
    );
  });

  test('it is known by the id of its innermost wrapping', async () => {
    const inner = { ...ENVELOPE, id: 'inner' };
    const correlation = async (body: object) => (await hear(body)).message?.correlationId;

    expect(await correlation(eventBridgeEnvelope(NAME, inner))).toBe('inner');
    expect(await correlation(snsNotification(inner))).toBe('inner');
    expect(await correlation(snsNotification(DETAIL, { MessageId: 'sns-1' }))).toBe('sns-1');
  });

  test('a field that is left out is named by its path in the body', async () => {
    const metadata = { correlationId: 7 };
    const wrapped = { ...ENTRY, Time: 5, Detail: json({ ...DETAIL, metadata }) };

    expect((await hear({ Entries: [wrapped] })).warned).toEqual({
      'message-field-dropped': 'Entries.0.Time, Entries.0.Detail.metadata.correlationId',
    });
  });
});

describe('what can be no event is refused with what it is, and what to do', () => {
  test.each<readonly [string, unknown, RegExp]>([
    ['no event in a list', [], /^body: .*got a list of 0/],
    ['two events in a list', [DETAIL, DETAIL], /^body: .*got a list of 2: send each event/],
    ['two entries', { Entries: [ENTRY, ENTRY] }, /^body: .*got a list of 2/],
    ['a list within', { ...ENVELOPE, detail: [DETAIL, DETAIL] }, /^detail: .*got a list of 2/],
    ['an object created', { Records: [{ eventSource: 'aws:s3' }] }, /notification of S3/],
    ["S3's test", { Service: 'Amazon S3', Event: 's3:TestEvent' }, /notification of S3/],
    ['records of Lambda', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }, /as Lambda hands/],
    ['a subscription', { Type: 'SubscriptionConfirmation', Message: 'You' }, /request of SNS/],
    ['text of SNS', snsNotification({}, { Message: 'hello' }), /^Message: .* that is not JSON/],
    ['text for a detail', { ...ENVELOPE, detail: 'hello' }, /^detail: .* that is not JSON/],
    [
      'another envelope',
      eventBridgeEnvelope('TokenIssued', {}),
      /^detail-type: .* got TokenIssued/,
    ],
    ['an entry of another', { ...ENTRY, DetailType: 'X' }, /^DetailType: expected Authorization/],
    [
      'another envelope within',
      eventBridgeEnvelope(NAME, eventBridgeEnvelope('TokenIssued', {})),
      /^detail\.detail-type: expected AuthorizationCodeArrived, got TokenIssued/,
    ],
    [
      'the detail of another event',
      { files: [{ folder: 'a', filename: 'b', sla: 60, creationDate: 'c' }] },
      /^body: expected the detail of AuthorizationCodeArrived, got that of SlaErrorSubmitted$/,
    ],
    ['an envelope without a detail', { ...ENVELOPE, detail: null }, /^detail: expected object/],
  ])('%s', async (_, body, reason) => {
    const { message, rejected } = await hear(body);

    expect(message).toBeUndefined();
    expect(rejected).toMatch(reason);
  });
});

test.each([
  ['lists', '['.repeat(500_000) + ']'.repeat(500_000)],
  ['objects', '{"detail":'.repeat(90_000) + '1' + '}'.repeat(90_000)],
  ['lists that do not end', '['.repeat(1_000_000)],
])('%s in each other, as deep as a message is long, are refused', async (_, body) => {
  expect((await hear(body)).rejected).toMatch(/^(?:0|body|mallId)/);
});

test('a million wrong elements cost one problem', async () => {
  const body = { files: Array.from({ length: 500_000 }, () => 0) };

  expect((await listeningWorker(SlaErrorSubmitted)(body)).rejected).toBe(
    'files: expected a list of 1 to 1000 files, got 500000',
  );
});
