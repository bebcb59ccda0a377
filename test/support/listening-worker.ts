import type { EventDefinition } from '#events/define-event.ts';
import type { Message } from '#shared/sqs/message.ts';
import { queueWorker } from '#shared/sqs/worker.ts';
import { fakeQueueMessages } from './fake-queue-messages.ts';
import { fixedClock } from './fixed-clock.ts';
import { recordingLog } from './recording-log.ts';
import { lambdaContext, sqsRecord } from './sqs-records.ts';

/** What became of one body that was sent to a queue. */
export interface Heard<Detail> {
  /** As the use case got it; nothing when the message was rejected. */
  readonly message: Message<Detail> | undefined;
  /** Why it was rejected. */
  readonly rejected: string | undefined;
  /** Warnings, by their word: the paths that they name. */
  readonly warned: Readonly<Record<string, unknown>>;
}

/**
 * The real worker of a queue for `event`, whose use case only listens.
 *
 * @returns sends it one body: text as it stands, anything else as JSON.
 */
export function listeningWorker<Detail extends object>(event: EventDefinition<Detail>) {
  return async (body: unknown): Promise<Heard<Detail>> => {
    const clock = fixedClock();
    const queue = fakeQueueMessages();
    const log = recordingLog();
    const heard: Message<Detail>[] = [];
    const work = (message: Message<Detail>) => {
      heard.push(message);
      return Promise.resolve('heard');
    };
    const retry = { horizonSeconds: 75, firstDelaySeconds: 1, maxDelaySeconds: 5 };
    const handle = queueWorker(
      { event, retry, timeToStartMs: 1_000, work },
      { queue, clock: clock.now, log, random: () => 0 },
    );
    const record = sqsRecord({ messageId: 'm-1', body, sentAt: clock.now() });
    await handle(
      { Records: [record] },
      lambdaContext(() => 20_000),
    );
    const warnings = log.lines.filter(({ level }) => level === 'warn');
    return {
      message: heard[0],
      rejected: queue.rejected[0]?.errorMessage,
      warned: Object.fromEntries(
        warnings.map((it) => [it.message, it.fields['paths'] ?? it.fields]),
      ),
    };
  };
}
