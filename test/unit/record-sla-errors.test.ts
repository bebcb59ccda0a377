import { describe, expect, it } from 'vitest';
import {
  DependencyRefusedError,
  DependencyUnavailableError,
  PublishFailedError,
} from '#shared/errors.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import type { OpenSlaBreaches } from '#shared/sla/breaches.ts';
import { SlaErrorsRecorded } from '#events/sla-errors-recorded.ts';
import { slaErrorsWorker } from '#functions/record-sla-errors/worker.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { inMemorySlaBreaches } from '#test/support/in-memory-sla-breaches.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { sqsRecord, type RecordFields } from '#test/support/sqs-records.ts';

const SUBMISSION_ID = '6f1c1f0e-6d0b-4f3c-9a53-2f8b7f0f6f10';
const throttled = new DependencyUnavailableError('dynamodb-unavailable', 'Throttled');

const file = (filename: string, fields = {}) => ({
  folder: 'C:\\transit\\in',
  filename,
  sla: 60,
  creationDate: '2026-03-01T05:00:00',
  ...fields,
});

function world(open?: OpenSlaBreaches) {
  const clock = fixedClock('2026-03-01T12:00:00.000Z');
  const store = inMemorySlaBreaches();
  const queue = fakeQueueMessages();
  const published: OutcomeEvent[] = [];
  const notPublished = new Set<string>();
  const bus = {
    publish: (event: OutcomeEvent) => {
      const { metadata } = SlaErrorsRecorded.schema.parse(event.detail);
      if (notPublished.has(metadata?.causationId ?? '')) {
        return Promise.reject(new PublishFailedError('EventBridge did not take it'));
      }
      published.push(event);
      return Promise.resolve();
    },
  };
  const handle = slaErrorsWorker(
    { openBreaches: open ?? store.open, bus, clock: clock.now, timeZone: 'America/Mexico_City' },
    { queue, clock: clock.now, log: recordingLog(), random: () => 0.5 },
  );
  return {
    store,
    queue,
    clock,
    published,
    notPublished,
    files: () => [...store.stored.values()],
    message: (id: string, files: unknown, fields: Partial<RecordFields> = {}) =>
      sqsRecord({ messageId: id, body: { files }, sentAt: clock.now(), ...fields }),
    handle: async (...records: ReturnType<typeof sqsRecord>[]) => {
      const answer = await handle(
        { Records: records },
        lambdaContext(() => 60_000),
      );
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}

const countsOf = ({ detail }: OutcomeEvent) => {
  const { recorded, duplicates, refused } = SlaErrorsRecorded.schema.parse(detail);
  return { recorded, duplicates, refused };
};

describe('record-sla-errors', () => {
  it('records every file of a submission with what search needs', async () => {
    const { handle, message, files } = world();
    const body = {
      submissionId: SUBMISSION_ID,
      submittedBy: 'sender',
      submittedAt: '2026-03-01T11:59:58Z',
      files: [file('a.csv')],
    };

    expect(await handle(message('m', [], { body }))).toEqual([]);
    expect(files()).toEqual([
      {
        errorId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        ...file('a.csv'),
        affectedDate: '2026-03-01T12:00:00.000Z',
        affectedDay: '2026-03-01',
        firstReportedAt: '2026-03-01T11:59:58.000Z',
        lastReportedAt: '2026-03-01T11:59:58.000Z',
        submissionId: SUBMISSION_ID,
        submittedBy: 'sender',
      },
    ]);
  });

  it('takes the time of publication for a producer that names none', async () => {
    const { handle, message, files } = world();
    const sentAt = new Date('2026-03-01T11:50:00.000Z');

    await handle(message('m', [file('a.csv')], { sentAt }));

    expect(files()).toMatchObject([{ firstReportedAt: '2026-03-01T11:50:00.000Z' }]);
    expect(files()[0]).toMatchObject({ submissionId: undefined, submittedBy: undefined });
  });

  it('believes no report from the future: its file would stay open for good', async () => {
    const { handle, message, files } = world();
    const body = { submittedAt: '2036-01-01T00:00:00Z', files: [file('a.csv')] };

    await handle(message('m', [], { body }));

    expect(files()).toMatchObject([{ lastReportedAt: '2026-03-01T12:00:00.000Z' }]);
  });

  it('tells how many files of a message are new, under an id that a repetition shares', async () => {
    const { handle, message, published } = world();
    const body = { submissionId: SUBMISSION_ID, files: [file('a.csv'), file('b.csv')] };

    await handle(message('m', [], { body }));

    expect(published).toEqual([
      {
        detailType: 'SlaErrorsRecorded',
        detail: {
          submissionId: SUBMISSION_ID,
          recorded: 2,
          duplicates: 0,
          refused: 0,
          metadata: {
            eventId: 'm:recorded',
            occurredAt: '2026-03-01T12:00:00.000Z',
            correlationId: 'm',
            causationId: 'm',
          },
        },
      },
    ]);
  });

  it('poison: rejects a message that is none, and records its neighbours', async () => {
    const { handle, message, files, queue } = world();
    const wrong = message('b', [file('x.csv', { sla: 19 })]);

    expect(
      await handle(message('a', [file('a.csv')]), wrong, message('c', [file('c.csv')])),
    ).toEqual([]);
    expect(queue.rejected).toMatchObject([
      {
        messageId: 'b',
        reason: 'invalid-message',
        errorMessage: expect.stringContaining('files.0.sla') as string,
      },
    ]);
    expect(files().map(({ filename }) => filename)).toEqual(['a.csv', 'c.csv']);
  });

  it('poison: records the other files of a message and names those that can never be', async () => {
    const { handle, message, files, queue, published } = world();
    const bad = file('b.csv', { creationDate: '2024-02-30T00:00:00' });

    expect(await handle(message('m', [file('a.csv'), bad, file('c.csv')]))).toEqual([]);
    expect(files().map(({ filename }) => filename)).toEqual(['a.csv', 'c.csv']);
    expect(queue.rejected).toMatchObject([
      {
        reason: 'invalid-message',
        errorMessage:
          'detail.files.1.creationDate: expected a date and time that exists, e.g. 2024-06-15T19:25:25-05:00',
      },
    ]);
    expect(published.map(countsOf)).toEqual([{ recorded: 2, duplicates: 0, refused: 1 }]);
  });

  it('poison: is as safe to redrive as it was to send', async () => {
    const { handle, message, files, queue, published } = world();
    const record = message('m', [file('a.csv'), file('b.csv', { creationDate: 'never' })]);
    await handle(record);
    const before = files();

    expect(await handle(record)).toEqual([]);
    expect(files()).toEqual(before);
    expect(queue.rejected).toHaveLength(2);
    expect(published.map(countsOf)[1]).toEqual({ recorded: 0, duplicates: 1, refused: 1 });
  });

  it('poison: names the file that the store refuses for good', async () => {
    const { handle, message, queue, store } = world();
    store.failFor('b.csv', new DependencyRefusedError('item-refused', 'DynamoDB refused it: X.'));

    expect(await handle(message('m', [file('a.csv'), file('b.csv')]))).toEqual([]);
    expect(queue.rejected[0]).toMatchObject({
      errorMessage: 'detail.files.1: DynamoDB refused it: X.',
    });
  });

  it('throttled: keeps the message alone, and records what is left when it comes again', async () => {
    const { handle, message, files, published, store, queue } = world();
    const records = [message('a', [file('a.csv')]), message('b', [file('b.csv'), file('c.csv')])];
    store.failFor('c.csv', throttled);

    expect(await handle(...records)).toEqual(['b']);
    expect(queue.hidden.map(({ messageId }) => messageId)).toEqual(['b']);
    expect(published).toHaveLength(1);

    store.failFor('c.csv');
    expect(await handle(records[1]!)).toEqual([]);
    expect(files()).toHaveLength(3);
    expect(published.map(countsOf)[1]).toEqual({ recorded: 1, duplicates: 1, refused: 0 });
  });

  it('throttled: does not let go of a message while one of its files is still being written', async () => {
    let finish: (outcome: 'recorded') => void = () => undefined;
    const slow = new Promise<'recorded'>((resolve) => {
      finish = resolve;
    });
    const record = ({ filename }: { filename: string }) =>
      filename === 'slow.csv' ? slow : Promise.reject(throttled);
    const { handle, message, queue } = world(() => ({ record }));

    const answer = handle(message('m', [file('a.csv'), file('slow.csv')]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(queue.hidden).toEqual([]);

    finish('recorded');
    expect(await answer).toEqual(['m']);
  });

  it('throttled: is not rejected for a file that is wrong while another may still be written', async () => {
    const { handle, message, queue, store } = world();
    store.failFor('a.csv', throttled);
    const record = message('m', [file('b.csv', { creationDate: 'never' }), file('a.csv')]);

    expect(await handle(record)).toEqual(['m']);
    expect(queue.rejected).toEqual([]);
  });

  it('throttled: rejects with the reason after 12 hours', async () => {
    const { handle, message, queue, store, clock } = world();
    store.failFor('a.csv', throttled);
    const record = message('m', [file('a.csv')]);
    clock.advanceSeconds(12 * 3600);

    expect(await handle(record)).toEqual([]);
    expect(queue.rejected).toMatchObject([{ reason: 'retries-exhausted:dynamodb-unavailable' }]);
  });

  it('unknown bug: is retried, never dropped', async () => {
    const { handle, message, queue, store } = world();
    store.failFor('a.csv', new TypeError('bug'));

    expect(await handle(message('a', [file('a.csv')]), message('b', [file('b.csv')]))).toEqual([
      'a',
    ]);
    expect(queue.rejected).toEqual([]);
  });

  it('duplicate: keeps one item of a file that comes in three spellings', async () => {
    const { handle, message, files, published } = world();
    const spellings = [
      file('a.csv', { creationDate: '2026-03-01T05:00:00.0000000-06:00' }),
      file('A.CSV', { folder: 'c:/transit/in/', creationDate: '2026-03-01 11:00:00Z' }),
      file('a.csv', { creationDate: '/Date(1772362800000)/' }),
    ];

    expect(await handle(...spellings.map((one, n) => message(String(n), [one])))).toEqual([]);
    expect(files()).toHaveLength(1);
    expect(published.map(countsOf).map(({ recorded }) => recorded)).toEqual([1, 0, 0]);
  });

  it('stale: a resend that was overtaken moves nothing back', async () => {
    const { handle, message, files } = world();
    const at = (submittedAt: string) => ({ body: { submittedAt, files: [file('a.csv')] } });
    await handle(message('new', [], at('2026-03-01T11:30:00Z')));

    expect(await handle(message('old', [], at('2026-03-01T10:00:00Z')))).toEqual([]);
    expect(files()).toMatchObject([{ lastReportedAt: '2026-03-01T11:30:00.000Z' }]);
  });

  it('out of order: the latest report wins within a batch, too', async () => {
    const { handle, message, files } = world();
    const bodies = ['11:10', '11:50', '11:30'].map((time) => {
      return { body: { submittedAt: `2026-03-01T${time}:00Z`, files: [file('a.csv')] } };
    });

    await handle(...bodies.map((body, n) => message(String(n), [], body)));

    expect(files()).toMatchObject([{ lastReportedAt: '2026-03-01T11:50:00.000Z' }]);
  });

  it('partial publish failure: keeps that message alone, all is stored and told later', async () => {
    const { handle, message, files, published, notPublished } = world();
    const records = [message('a', [file('a.csv')]), message('b', [file('b.csv')])];
    notPublished.add('b');

    expect(await handle(...records)).toEqual(['b']);
    expect(files()).toHaveLength(2);

    notPublished.clear();
    expect(await handle(records[1]!)).toEqual([]);
    expect(
      published.map(({ detail }) => SlaErrorsRecorded.schema.parse(detail).metadata?.eventId),
    ).toEqual(['a:recorded', 'b:recorded']);
  });

  it('crash after the write: the message that comes again counts as duplicates and is told', async () => {
    const { handle, message, files, published, notPublished } = world();
    const record = message('m', [file('a.csv')]);
    notPublished.add('m');
    await handle(record);
    const before = files();
    notPublished.clear();

    expect(await handle(record)).toEqual([]);
    expect(files()).toEqual(before);
    expect(published.map(countsOf)).toEqual([{ recorded: 0, duplicates: 1, refused: 0 }]);
  });

  it('takes an envelope as it takes a bare detail', async () => {
    const { handle, message, files } = world();
    const detail = { files: [file('a.csv')] };
    const body = {
      id: 'e',
      'detail-type': 'SlaErrorSubmitted',
      time: '2026-03-01T11:00:00Z',
      detail,
    };

    expect(await handle(message('m', [], { body }))).toEqual([]);
    expect(files()).toMatchObject([{ firstReportedAt: '2026-03-01T11:00:00.000Z' }]);
  });
});
