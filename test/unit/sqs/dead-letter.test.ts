import { expect, test } from 'vitest';
import { deadLetterOf } from '#shared/sqs/dead-letter.ts';
import { sqsRecord, toRecordAttributes, type RecordFields } from '#test/support/sqs-records.ts';

const REJECTION = {
  reason: 'invalid-message',
  errorMessage: 'parcelId: expected string',
  rejectedAt: new Date('2026-03-01T12:00:00.000Z'),
  publishedAt: new Date('2026-03-01T11:00:00.000Z'),
};
const MAX_MESSAGE_BYTES = 1_048_576;
/** Of the six attributes of a rejection of message `m-1` by `a-function`, and of its age alone. */
const AGE_BYTES = Buffer.byteLength('PublishedAtString2026-03-01T11:00:00.000Z');
const EXPLANATION_BYTES =
  Buffer.byteLength('ReasonErrorMessageFunctionNameOriginalMessageIdRejectedAt') +
  5 * Buffer.byteLength('String') +
  Buffer.byteLength(
    'invalid-messageparcelId: expected stringa-functionm-12026-03-01T12:00:00.000Z',
  );

const letterOf = (fields: Partial<RecordFields>, rejection: Partial<typeof REJECTION> = {}) =>
  deadLetterOf(
    sqsRecord({ messageId: 'm-1', body: '{}', ...fields }),
    { ...REJECTION, ...rejection },
    'a-function',
  );
const errorMessageOf = (errorMessage: string) =>
  letterOf({}, { errorMessage }).attributes['ErrorMessage']?.StringValue;
const ownAttributes = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `own${String(n)}`,
      { dataType: 'String', stringValue: 'x' },
    ]),
  );

test('four attributes of the sender leave room for all of ours, five for all but the age', () => {
  const [four, five] = [4, 5].map((count) => letterOf({ attributes: ownAttributes(count) }));

  expect(four?.attributes['PublishedAt']?.StringValue).toBe('2026-03-01T11:00:00.000Z');
  expect(five?.explained).toBe(true);
  expect(Object.keys(five?.attributes ?? {})).toHaveLength(10);
  expect(five?.attributes).not.toHaveProperty('PublishedAt');
});

test('six attributes of the sender leave no room for the explanation, ten neither', () => {
  for (const count of [6, 10]) {
    const { attributes, explained } = letterOf({ attributes: ownAttributes(count) });

    expect(explained).toBe(false);
    expect(Object.keys(attributes)).toEqual(Object.keys(ownAttributes(count)));
  }
});

test('an explanation that brings the message to exactly 1 MiB fits, one byte more does not', () => {
  const room = MAX_MESSAGE_BYTES - EXPLANATION_BYTES;

  const dated = letterOf({ body: 'x'.repeat(room - AGE_BYTES) });
  expect(dated.attributes).toHaveProperty('PublishedAt');
  expect(letterOf({ body: 'x'.repeat(room) }).explained).toBe(true);
  expect(letterOf({ body: 'x'.repeat(room + 1) })).toMatchObject({
    explained: false,
    attributes: {},
  });
});

test("bytes count, not characters, and the sender's binary attributes count too", () => {
  const attributes = {
    blob: { dataType: 'Binary', binaryValue: Buffer.alloc(90).toString('base64') },
  };
  const room = MAX_MESSAGE_BYTES - EXPLANATION_BYTES - 'blobBinary'.length - 90;
  const body = (bytes: number) => 'é'.repeat(Math.floor(bytes / 2)) + 'x'.repeat(bytes % 2);

  expect(letterOf({ body: body(room), attributes }).explained).toBe(true);
  expect(letterOf({ body: body(room + 1), attributes }).explained).toBe(false);
});

test('a message that was redriven and fails again has one explanation, the new one', () => {
  const first = letterOf({}, { reason: 'retries-exhausted:database-unavailable' });
  const redriven = { messageId: 'm-2', attributes: toRecordAttributes(first.attributes) };

  const second = letterOf(redriven);

  expect(Object.keys(second.attributes)).toHaveLength(6);
  expect(second.attributes).toMatchObject({
    Reason: { StringValue: 'invalid-message' },
    OriginalMessageId: { StringValue: 'm-1' },
  });
});

test('a long error message is cut', () => {
  expect(errorMessageOf('é'.repeat(5000))).toBe('é'.repeat(1024));
});

test('a cut through a character leaves no half of it', () => {
  expect(errorMessageOf(`${'x'.repeat(1023)}\u{1F600}`)).toBe(`${'x'.repeat(1023)}\uFFFD`);
});

test('line breaks, tabs and astral characters stay in the error message', () => {
  expect(errorMessageOf('a\tb\r\nc\u{1F600}')).toBe('a\tb\r\nc\u{1F600}');
});

test('an empty error message becomes a dash, since SQS takes no empty attribute', () => {
  expect(errorMessageOf('')).toBe('-');
});
