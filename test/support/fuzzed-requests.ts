import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { oddText } from './fuzz.ts';
import { proxyEvent } from './http-requests.ts';

/** Anything that JSON may hold. */
const oddJson = fc.oneof(oddText, fc.constantFrom(null, {}, [], 0, -1, true), fc.jsonValue());

/** Mostly one of `values`, now and then anything. */
export const mostly = (...values: readonly unknown[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: oddJson });

/** An object with these fields, some of them missing. */
export function objectOf(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  return fc.oneof(
    { weight: 8, arbitrary: fc.record(fields) },
    { weight: 2, arbitrary: fc.record(fields, { requiredKeys: [] }) },
    { weight: 1, arbitrary: oddJson },
  );
}

const wrapped = (value: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 6, arbitrary: value },
    { weight: 1, arbitrary: value.map((content) => ({ value: content, Count: 1 })) },
  );

const date = mostly(
  '2024-06-15T19:25:25.1234567-05:00',
  '2024-06-15 19.25.25',
  '/Date(1718479525123-0500)/',
  '2024-02-30T10:00:00',
  '2567-06-15 19:25:25',
  '06/15/2024 19:25:25',
  '2024-06-15T24:00:00',
  '\u200e2024-06-15T19:25:25\u200e',
);
const file = objectOf({
  filename: wrapped(mostly('a.csv', 'ł.csv', '', 'x'.repeat(1_100))),
  creationDate: wrapped(date),
});
const folder = objectOf({
  folder: wrapped(mostly('C:\\in', '/srv/in', '\\\\server\\in', ' ')),
  sla: wrapped(mostly(60, 20, 1440, 19, '60')),
  files: wrapped(fc.oneof(fc.array(file, { maxLength: 4 }), file)),
});
export const report = objectOf({
  sla_error: wrapped(fc.oneof(fc.array(folder, { maxLength: 3 }), folder)),
});

/** A body as text, in any encoding, cut off or as it is. */
function bodiesOf(content: fc.Arbitrary<unknown>) {
  const text = fc.oneof(
    { weight: 6, arbitrary: content.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: oddText },
  );
  const encoded = fc
    .tuple(text, fc.constantFrom('utf8', 'latin1', 'utf16le'), fc.nat({ max: 3 }))
    .map(([json, encoding, cut]) => Buffer.from(json, encoding as BufferEncoding).subarray(cut));
  const bytes = fc.oneof(
    encoded,
    fc.uint8Array({ maxLength: 40 }).map((all) => Buffer.from(all)),
  );
  return fc.oneof(
    { weight: 4, arbitrary: text.map((body) => ({ body, isBase64Encoded: false })) },
    {
      weight: 2,
      arbitrary: bytes.map((body) => ({ body: body.toString('base64'), isBase64Encoded: true })),
    },
    { weight: 1, arbitrary: fc.constant({ body: null, isBase64Encoded: false }) },
    { weight: 1, arbitrary: oddText.map((body) => ({ body, isBase64Encoded: true })) },
  );
}

const fields = (known: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.record(known, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.dictionary(oddText, fc.oneof(oddText, fc.constant(null))) },
  );

interface Parts {
  readonly headers: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  readonly query?: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  readonly body?: fc.Arbitrary<unknown>;
}

/** Requests as API Gateway hands them over, with fields that are right, odd, null or missing. */
export function requestsOf({ headers, query = {}, body = fc.constant({}) }: Parts) {
  return fc
    .record({
      headers: fields(headers),
      queryStringParameters: fields(query),
      /** A few have each of their parameters twice. */
      repeating: fc.nat({ max: 19 }),
      content: bodiesOf(body),
    })
    .map(({ content, repeating, ...parts }) => {
      const event = proxyEvent({ ...parts, ...content } as Partial<APIGatewayProxyEvent>);
      const once = Object.entries(event.multiValueQueryStringParameters ?? {});
      const twice = Object.fromEntries(once.map(([name, all = []]) => [name, [...all, ...all]]));
      return repeating === 0 ? { ...event, multiValueQueryStringParameters: twice } : event;
    });
}
