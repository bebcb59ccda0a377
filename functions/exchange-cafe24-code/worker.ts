import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { workerPerInvocation } from '#shared/sqs/worker-per-invocation.ts';
import { exchangeCafe24Code } from './exchange-cafe24-code.ts';
import { settings } from './settings.ts';

/** The handler of the queue, given its dependencies. */
export const exchangeWorker = workerPerInvocation({
  event: AuthorizationCodeArrived,
  retry: settings.retry,
  timeToStartMs: TIME_TO_ATTEMPT_MS,
  work: exchangeCafe24Code,
});
