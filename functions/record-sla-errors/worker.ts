import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { queueWorker, type QueueWorkerDependencies } from '#shared/sqs/worker.ts';
import type { Dependencies } from './dependencies.ts';
import { QueuedSlaErrors } from './queued-sla-errors.ts';
import { recordSlaErrors } from './record-sla-errors.ts';
import { settings } from './settings.ts';

/** Two calls that time out, and what the store reserves for telling: less is not worth a start. */
const TIME_TO_START_MS = 15_000;

/**
 * The handler of the queue. Each invocation gets a worker of its own: its messages share their
 * writes, and what it gathers and repeats ends with it.
 */
export function slaErrorsWorker(
  dependencies: Dependencies,
  queueDependencies: QueueWorkerDependencies,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return (event, context) => {
    const remainingMs = () => Math.max(0, context.getRemainingTimeInMillis());
    const breaches = dependencies.openBreaches({ remainingMs });
    const handle = queueWorker(
      {
        event: QueuedSlaErrors,
        retry: settings.retry,
        timeToStartMs: TIME_TO_START_MS,
        work: (message) => recordSlaErrors({ message, breaches, dependencies }),
      },
      queueDependencies,
    );
    return handle(event, context);
  };
}
