import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { SQSClient, type MessageAttributeValue } from '@aws-sdk/client-sqs';

export interface StoredMessage {
  readonly messageId: string;
  readonly queueUrl: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  hiddenForSeconds: number;
}

interface WireRequest {
  readonly QueueUrl: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
  readonly Entries: readonly { readonly Id: string; readonly ReceiptHandle?: string }[];
  readonly MessageBody: string;
  readonly MessageAttributes?: Record<string, MessageAttributeValue>;
}

const ALLOWED = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u;

/**
 * An SDK client whose requests end in memory, at the HTTP level, so that the SDK's own checks and
 * encoding take part. It refuses what SQS's quotas refuse. A receipt handle is the message's id;
 * those in `failing` it fails to delete, by a fault of its own.
 */
export function inMemorySqs() {
  const messages: StoredMessage[] = [];
  const failing = new Set<string>();
  const answers: Record<string, (request: WireRequest) => object> = {
    'AmazonSQS.SendMessage': ({ QueueUrl, MessageBody, MessageAttributes = {} }) => {
      refuseOverQuota(MessageBody, MessageAttributes);
      const messageId = randomUUID();
      const stored = { body: MessageBody, attributes: MessageAttributes, hiddenForSeconds: 0 };
      messages.push({ messageId, queueUrl: QueueUrl, ...stored });
      return { MessageId: messageId, MD5OfMessageBody: md5(MessageBody) };
    },
    'AmazonSQS.ChangeMessageVisibility': ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
      const found = messages.find((m) => m.queueUrl === QueueUrl && m.messageId === ReceiptHandle);
      if (!found) throw new Error('ReceiptHandleIsInvalid');
      found.hiddenForSeconds = VisibilityTimeout;
      return {};
    },
  };
  answers['AmazonSQS.DeleteMessageBatch'] = ({ QueueUrl, Entries }) => {
    if (Entries.length > 10) throw new Error('TooManyEntriesInBatchRequest');
    if (Entries.some((entry) => !entry.ReceiptHandle)) throw new Error('MissingParameter');
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, ReceiptHandle = '' } of Entries) {
      const at = messages.findIndex(
        (m) => m.queueUrl === QueueUrl && m.messageId === ReceiptHandle,
      );
      if (failing.has(ReceiptHandle))
        Failed.push({ Id, Code: 'InternalError', SenderFault: false });
      else if (at < 0) Failed.push({ Id, Code: 'ReceiptHandleIsInvalid', SenderFault: true });
      else {
        messages.splice(at, 1);
        Successful.push({ Id });
      }
    }
    return { Successful, Failed };
  };
  const handle = (request: { body: Uint8Array; headers: Record<string, string> }) => {
    const answer = answers[request.headers['x-amz-target'] ?? '']!;
    const content = JSON.parse(new TextDecoder().decode(request.body), decodeBinary) as WireRequest;
    return Promise.resolve({ response: respond(() => answer(content)) });
  };
  const client = new SQSClient({
    region: 'ap-northeast-2',
    endpoint: 'http://sqs.invalid',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { handle },
  });
  return { client, messages, failing };
}

function respond(answer: () => object) {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  try {
    return { statusCode: 200, headers, body: Readable.from([JSON.stringify(answer())]) };
  } catch (error) {
    const body = JSON.stringify({ __type: `com.amazonaws.sqs#${(error as Error).message}` });
    return { statusCode: 400, headers, body: Readable.from([body]) };
  }
}

function refuseOverQuota(body: string, attributes: StoredMessage['attributes']): void {
  const entries = Object.entries(attributes);
  const texts = [body, ...entries.map(([, value]) => value.StringValue ?? '-')];
  const bytes = entries.map(([name, { DataType = '', StringValue = '', BinaryValue }]) => {
    return Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0);
  });
  if (entries.length > 10) throw new Error('TooManyAttributes');
  if (bytes.reduce((sum, size) => sum + size, Buffer.byteLength(body)) > 1_048_576) {
    throw new Error('MessageTooLong');
  }
  if (!texts.every((value) => ALLOWED.test(value))) throw new Error('InvalidMessageContents');
}

const decodeBinary = (key: string, value: unknown) =>
  key === 'BinaryValue' ? Buffer.from(value as string, 'base64') : value;

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
