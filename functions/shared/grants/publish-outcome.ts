import type { Log } from '../log.ts';
import type { Attempts, FinishedAttempt, OutcomeEvent } from './ports.ts';

/** Puts outcome events on the bus. */
export interface OutcomePublisher {
  /** @throws PublishFailedError (retry) the bus did not take it. */
  publish(event: OutcomeEvent): Promise<void>;
}

/**
 * Publishes what a finished attempt has to tell, after its outcome is stored.
 *
 * At least once: who dies before `markPublished` leaves it to a redelivered message or to recovery.
 * The event's id comes from attempt and outcome, so consumers recognise a repetition.
 *
 * @throws PublishFailedError (retry) the outcome stays unpublished; the lease is given up so
 *   that the redelivered message publishes without waiting for its end.
 */
export async function publishOutcome(
  finished: FinishedAttempt,
  context: { readonly attempts: Attempts; readonly bus: OutcomePublisher; readonly log: Log },
): Promise<void> {
  if (finished.unpublished === undefined) return;
  const { attempts, bus, log } = context;
  const { attemptId } = finished;
  try {
    await bus.publish(finished.unpublished);
  } catch (cause) {
    await attempts.endLease(attemptId).catch((error: unknown) => {
      log.warn('lease-not-ended', { attemptId, reason: String(error) });
    });
    throw cause;
  }
  await attempts.markPublished(attemptId).catch((error: unknown) => {
    log.warn('outcome-published-but-not-marked', { attemptId, reason: String(error) });
  });
}
