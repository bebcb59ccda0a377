import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Message } from './message.ts';
import {
  queueWorker,
  type QueueWorkerDependencies,
  type QueueWorkerOptions,
  type RecordContext,
} from './worker.ts';

/** One message on its way through a use case. */
export interface TurnOf<Detail, Dependencies> {
  readonly message: Message<Detail>;
  readonly context: RecordContext;
  /** Of the invocation: its other records have the same. */
  readonly dependencies: Dependencies;
}

interface Options<Detail extends object, Dependencies> extends Omit<
  QueueWorkerOptions<Detail>,
  'work'
> {
  /** @returns the outcome, a past-tense word; whatever it is, the message is done with. */
  readonly work: (turn: TurnOf<Detail, Dependencies>) => Promise<string>;
}

/**
 * Says how the messages of a queue are worked on; given what an invocation and the queue need, it is
 * a {@link queueWorker}. Each invocation has dependencies of its own: what its records ask of a store
 * at the same time is gathered into one statement, and that ends with it.
 */
export function workerPerInvocation<Detail extends object, Dependencies>(
  options: Options<Detail, Dependencies>,
) {
  return (openDependencies: () => Dependencies, queueDependencies: QueueWorkerDependencies) =>
    (event: SQSEvent, invocation: Context): Promise<SQSBatchResponse> => {
      const dependencies = openDependencies();
      const work: QueueWorkerOptions<Detail>['work'] = (message, context) =>
        options.work({ message, context, dependencies });
      return queueWorker({ ...options, work }, queueDependencies)(event, invocation);
    };
}
