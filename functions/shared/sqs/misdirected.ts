import { EVENTS } from '#events/index.ts';
import { isFields, onlyList } from './wrappings.ts';

/**
 * What a body holds that is no event of ours but something well known, and what to do about it.
 *
 * @returns `undefined` for anything else. No value of the body is quoted.
 */
export function whatElse(content: unknown): string | undefined {
  const list = onlyList(content);
  if (list !== undefined) {
    return `got a list of ${list.items.length}: send each event as a message of its own`;
  }
  if (!isFields(content)) return undefined;
  const { Type, Event, Records } = content;
  if (Event === 's3:TestEvent') return S3;
  if (Type === 'SubscriptionConfirmation' || Type === 'UnsubscribeConfirmation') {
    return (
      "got a request of SNS to confirm: the queue is a topic's subscriber; " +
      'publish to the event bus instead, or confirm it and publish events to the topic'
    );
  }
  return Array.isArray(Records) ? whatRecords(Records[0]) : undefined;
}

const S3 =
  "got a notification of S3: the queue is the target of a bucket's notifications, which belong " +
  'to another queue';

function whatRecords(record: unknown): string {
  const source = isFields(record) ? (record['eventSource'] ?? record['EventSource']) : undefined;
  if (source === 'aws:s3') return S3;
  return (
    'got records as Lambda hands them to a function: ' +
    'send what stands in the body of each as a message of its own'
  );
}

/** Whose `detail-type` it is, as far as it may be said: a name that we don't know may be anything. */
export function knownName(detailType: unknown): string {
  const known = EVENTS.find((event) => event.detailType === detailType);
  return known === undefined ? 'that of an event that nobody here knows' : known.detailType;
}

/** The event of another name whose `detail` this would be. */
export function otherEventOf(detail: unknown, expected: string): string | undefined {
  const others = EVENTS.filter((event) => event.detailType !== expected);
  return others.find(({ schema }) => schema.safeParse(detail).success)?.detailType;
}

/** Why a text is likely not JSON; empty where nothing speaks for a cause. */
export function whyNoJson(text: string): string {
  return WHY_NO_JSON.find(({ is }) => is.test(text))?.cause ?? '';
}

const WHY_NO_JSON: readonly { readonly is: RegExp; readonly cause: string }[] = [
  { is: /^\s*$/, cause: ': it is empty' },
  { is: /^\s*</, cause: ': it looks like XML or HTML' },
  { is: /^\s*@\{/, cause: ': it looks like an object of PowerShell, call ConvertTo-Json' },
  { is: /^\s*\[?\{\s*'/, cause: ': it has \' around names, JSON has "' },
  { is: /^\s*\{\s*\\"/, cause: ': its quotation marks are escaped once too often' },
  {
    is: /^\s*\{\s*[\w-]+\s*:/,
    cause: ': its names have no quotation marks, a shell may have taken them',
  },
  { is: /^\s*[[{]/, cause: ': it begins like JSON, and may be cut off' },
  {
    is: /^\s*(?:e[yw]|W[wy]|Cn|77u)[\w+/=-]+\s*$/,
    cause: ': it looks like Base64, send the text itself',
  },
  { is: /^[\w.%-]+=/, cause: ': it looks like a form' },
];
