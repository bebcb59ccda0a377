import { expect, test } from 'vitest';
import { EVENTS } from '#events/index.ts';
import { synthesize } from '#test/support/synthesized-stack.ts';

const stack = synthesize();
const patternOf = (name: string): unknown =>
  JSON.parse(stack.named('aws_cloudwatch_event_rule', `tokenline-${name}`).event_pattern);

test.each([
  ['exchange-cafe24-code', { 'detail-type': ['AuthorizationCodeArrived'] }],
  [
    'refresh-cafe24-token',
    { 'detail-type': ['TokenExpiryWarning'], detail: { provider: ['cafe24'] } },
  ],
  [
    'refresh-claroshop-token',
    { 'detail-type': ['TokenExpiryWarning'], detail: { provider: ['claroshop'] } },
  ],
  ['record-sla-errors', { 'detail-type': ['SlaErrorSubmitted'] }],
])('%s gets its events, whoever published them', (name, pattern) => {
  expect(patternOf(name)).toEqual(pattern);
});

test('what no event is named, or has no name, goes to unrouted-events', () => {
  expect(patternOf('unrouted-events')).toMatchObject({
    $or: [
      {
        'detail-type': [
          { exists: false },
          { 'anything-but': EVENTS.map(({ detailType }) => detailType) },
        ],
      },
      {},
    ],
  });
});

test('so does a warning about a provider that nobody serves, or about none', () => {
  expect(patternOf('unrouted-events')).toMatchObject({
    $or: [
      {},
      {
        'detail-type': ['TokenExpiryWarning'],
        detail: { provider: [{ exists: false }, { 'anything-but': ['cafe24', 'claroshop'] }] },
      },
    ],
  });
});

test('what EventBridge cannot hand over to a queue is kept', () => {
  const targets = stack
    .all('aws_cloudwatch_event_target')
    .filter(({ rule }) => 'event_pattern' in stack.referredBy(rule));

  expect(targets).toHaveLength(5);
  for (const target of targets) {
    expect(target.dead_letter_config).toEqual({
      arn: 'arn:aws:sqs:eu-west-1:123456789012:tokenline-undeliverable-events',
    });
  }
});
