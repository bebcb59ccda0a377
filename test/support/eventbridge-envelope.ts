/**
 * An event as EventBridge hands it to a target, with every field that AWS documents ("AWS service
 * event metadata" and "Replaying archived events" of its user guide, read 2026-11).
 */
export interface EventBridgeEnvelope {
  /** Always `0`. */
  readonly version: string;
  readonly id: string;
  readonly 'detail-type': string;
  /** Whose software published it; `aws.` are AWS's own. */
  readonly source: string;
  /** Of AWS: 12 digits. */
  readonly account: string;
  /** Whole seconds, UTC: of the entry's `Time`, else of when EventBridge took it. */
  readonly time: string;
  readonly region: string;
  /** Empty where the publisher named none. */
  readonly resources: readonly string[];
  readonly detail: object;
  /** Stands only in an event that is replayed from an archive; `time` stays that of the first life. */
  readonly 'replay-name'?: string;
}

/** The envelope of a published event. Fields of one's own replace those that EventBridge would set. */
export function eventBridgeEnvelope(
  detailType: string,
  detail: object,
  fields: Partial<EventBridgeEnvelope> = {},
): EventBridgeEnvelope {
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': detailType,
    source: 'orders',
    account: '123456789012',
    time: '2026-03-01T11:59:59Z',
    region: 'us-east-1',
    resources: [],
    detail,
    ...fields,
  };
}

/** The same event as somebody reads it who subscribes a queue to a topic without raw delivery. */
export function snsNotification(message: object, fields: object = {}): object {
  return {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: 'arn:aws:sns:us-east-1:123456789012:authorizations',
    Subject: 'an event',
    Message: JSON.stringify(message),
    Timestamp: '2026-03-01T11:59:58.123Z',
    SignatureVersion: '1',
    Signature: 'c2lnbmF0dXJl',
    SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem',
    UnsubscribeURL: 'https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe',
    ...fields,
  };
}
