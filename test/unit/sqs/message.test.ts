import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '#events/define-event.ts';
import { Metadata } from '#events/metadata.ts';
import { parseMessage } from '#shared/sqs/message.ts';
import { sqsRecord, type RecordFields } from '#test/support/sqs-records.ts';

const ParcelSent = defineEvent(
  'ParcelSent',
  z.object({ parcelId: z.string().toUpperCase(), metadata: Metadata.optional() }),
);
const SENT_AT = new Date('2026-03-01T12:00:00.500Z');

const parse = (body: object, fields: Partial<RecordFields> = {}) =>
  parseMessage(sqsRecord({ messageId: 'm-1', sentAt: SENT_AT, body, ...fields }), ParcelSent)
    .message;
const envelope = (fields: object, detail: object = {}) => ({
  'detail-type': 'ParcelSent',
  detail: { parcelId: 'p-1', ...detail },
  ...fields,
});

test('a message carries the detail as its schema gives it, its id and its receive count', () => {
  expect(parse({ parcelId: 'p-1' }, { receiveCount: 4 })).toMatchObject({
    detail: { parcelId: 'P-1' },
    messageId: 'm-1',
    receiveCount: 4,
  });
});

test("an envelope's time counts where it is earlier than SQS's", () => {
  const { publishedAt } = parse(envelope({ time: '2026-03-01T11:58:00Z' }));

  expect(publishedAt).toEqual(new Date('2026-03-01T11:58:00Z'));
});

test("SQS's time counts where the envelope's is later", () => {
  expect(parse(envelope({ time: '2026-03-01T12:30:00Z' })).publishedAt).toEqual(SENT_AT);
});

test('a message without an envelope was published when SQS took it', () => {
  expect(parse({ parcelId: 'p-1' }).publishedAt).toEqual(SENT_AT);
  expect(parse(envelope({})).publishedAt).toEqual(SENT_AT);
});

test('metadata name correlation and cause first', () => {
  const metadata = { correlationId: 'chain-1', eventId: 'e-1', causationId: 'e-0' };
  const message = parse(envelope({ id: 'envelope-1' }, { metadata }));

  expect(message).toMatchObject({ correlationId: 'chain-1', causationId: 'e-1' });
});

test("the envelope's id is correlation and cause where metadata name none", () => {
  const message = parse(envelope({ id: 'envelope-1' }, { metadata: {} }));

  expect(message).toMatchObject({ correlationId: 'envelope-1', causationId: 'envelope-1' });
});

test("SQS's message id is correlation and cause where nothing else names them", () => {
  const message = parse({ parcelId: 'p-1' });

  expect(message).toMatchObject({ correlationId: 'm-1', causationId: 'm-1' });
});
