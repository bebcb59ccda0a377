import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { queueWorker, type QueueWorkerDependencies } from '#shared/sqs/worker.ts';
import type { Dependencies } from './dependencies.ts';
import { exchangeCafe24Code } from './exchange-cafe24-code.ts';
import { settings } from './settings.ts';

/**
 * The handler of the queue. Each invocation gets dependencies of its own: what its records ask of a
 * store at the same time is gathered into one statement, and that ends with it.
 */
export function exchangeWorker(
  openDependencies: () => Dependencies,
  queueDependencies: QueueWorkerDependencies,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return (event, invocation) => {
    const dependencies = openDependencies();
    const handle = queueWorker(
      {
        event: AuthorizationCodeArrived,
        retry: settings.retry,
        timeToStartMs: TIME_TO_ATTEMPT_MS,
        work: (message, context) => exchangeCafe24Code({ message, context, dependencies }),
      },
      queueDependencies,
    );
    return handle(event, invocation);
  };
}
