import { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { workerPerInvocation } from '#shared/sqs/worker-per-invocation.ts';
import { refreshCafe24Token } from './refresh-cafe24-token.ts';
import { settings } from './settings.ts';

/** The handler of the queue, given its dependencies. */
export const refreshWorker = workerPerInvocation({
  event: Cafe24ExpiryWarning,
  retry: settings.retry,
  timeToStartMs: TIME_TO_ATTEMPT_MS,
  work: refreshCafe24Token,
});
