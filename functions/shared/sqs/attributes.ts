import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';

export type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/**
 * A message attribute as Lambda hands it over: the fields that its type does not use are there too,
 * null or empty, or they are missing (aws-powertools/powertools-lambda-typescript #3398, #4436,
 * #4631, read 2026-11). Lists are reserved by SQS, and always empty.
 */
const RecordAttribute = z.object({
  dataType: z.string().min(1),
  stringValue: z.string().nullish(),
  binaryValue: z.string().nullish(),
});
const RecordAttributes = z.record(z.string(), z.unknown()).catch({});

/**
 * The message attributes of a record as the SDK sends them. What SQS would refuse is left out, e.g.
 * an attribute without a value: it could not have been sent, and must not keep the others from it.
 */
export function attributesOf(record: SQSRecord): Attributes {
  const attributes = Object.entries(RecordAttributes.parse(record.messageAttributes));
  return Object.fromEntries(
    attributes.flatMap(([name, attribute]) => {
      const value = toSdk(attribute);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function toSdk(attribute: unknown): MessageAttributeValue | undefined {
  const read = RecordAttribute.safeParse(attribute);
  if (!read.success) return undefined;
  const { dataType, stringValue, binaryValue } = read.data;
  // Of a type there are kinds of the sender's own, e.g. Number.kg and Binary.png.
  if (!/^Binary(\.|$)/.test(dataType)) {
    return stringValue ? { DataType: dataType, StringValue: stringValue } : undefined;
  }
  return binaryValue
    ? { DataType: dataType, BinaryValue: Buffer.from(binaryValue, 'base64') }
    : undefined;
}
