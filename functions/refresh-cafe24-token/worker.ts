import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { queueWorker, type QueueWorkerDependencies } from '#shared/sqs/worker.ts';
import type { Dependencies } from './dependencies.ts';
import { refreshCafe24Token } from './refresh-cafe24-token.ts';
import { settings } from './settings.ts';

/**
 * The handler of the queue. Each invocation gets dependencies of its own: what its records ask of a
 * store at the same time is gathered into one statement, and that ends with it.
 */
export function refreshWorker(
  openDependencies: () => Dependencies,
  queueDependencies: QueueWorkerDependencies,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return (event, invocation) => {
    const dependencies = openDependencies();
    const handle = queueWorker(
      {
        event: Cafe24ExpiryWarning,
        retry: settings.retry,
        timeToStartMs: TIME_TO_ATTEMPT_MS,
        work: (message, context) => refreshCafe24Token({ message, context, dependencies }),
      },
      queueDependencies,
    );
    return handle(event, invocation);
  };
}
