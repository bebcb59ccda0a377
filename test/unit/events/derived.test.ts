import { describe, expect, test } from 'vitest';
import { EVENTS } from '#events/index.ts';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { toSlaErrorsRecorded } from '#functions/record-sla-errors/outcome-event.ts';
import * as cafe24 from '#shared/cafe24/outcome-events.ts';
import * as claroshop from '#shared/claroshop/outcome-events.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { parseMessage } from '#shared/sqs/message.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';

const ATTEMPT_ID = '5f2c1d0e-8a4b-4c6d-9e7f-1a2b3c4d5e6f';
const AT = new Date('2026-03-01T12:00:00.000Z');
const FILE = { folder: 'C:\\in', filename: 'a.csv', sla: 60, creationDate: '2024-06-15T19:25:25Z' };

const messageWith = (metadata: object) =>
  parseMessage(sqsRecord({ body: { files: [FILE], metadata } }), SlaErrorSubmitted).message;

/** Every event of ours that follows from a message, with the version that the stores add. */
function outcomesOf(metadata: object): readonly OutcomeEvent[] {
  const message = messageWith(metadata);
  const { correlationId, causationId } = message;
  const origin = { attemptId: ATTEMPT_ID, mallId: 'demo-mall', occurredAt: AT, message };
  const attempt = {
    ...({ attemptId: ATTEMPT_ID, grantType: 'password', subject: 'claroshop:second' } as const),
    ...{ baseVersion: 0, cause: { correlationId, causationId } },
  };
  const versioned = [
    cafe24.toReauthorizationRequired('code-expired', origin),
    cafe24.toTokenRefreshFailed('timeout', origin),
    claroshop.toTokenRefreshFailed('timeout', attempt, AT),
  ].map(({ detailType, detail }) => ({ detailType, detail: { ...detail, version: 1 } }));
  const counts = { recorded: 1, duplicates: 0, refused: 0 };
  return [...versioned, toSlaErrorsRecorded(counts, message, AT)];
}

const asPublished = ({ detailType, detail }: OutcomeEvent) =>
  EVENTS.find((event) => event.detailType === detailType)?.schema.parse(detail);

describe('what follows from a message is what events/ promises, to the letter', () => {
  test.each([1, 247, 248, 255, 256])('from ids of %i characters', (length) => {
    const longest = 'x'.repeat(length);
    for (const outcome of outcomesOf({ eventId: longest, correlationId: longest })) {
      expect(asPublished(outcome)).toEqual(outcome.detail);
      expect(outcome.detail).toMatchObject({ metadata: { causationId: longest } });
    }
  });

  test('two causes have two ids, and a cause always the same', () => {
    const idAfter = (eventId: string) =>
      outcomesOf({ eventId, correlationId: 'c-1' }).at(-1)?.detail['metadata'];

    expect(idAfter(`${'x'.repeat(255)}a`)).toEqual(idAfter(`${'x'.repeat(255)}a`));
    expect(idAfter(`${'x'.repeat(255)}a`)).not.toEqual(idAfter(`${'x'.repeat(255)}b`));
  });
});
