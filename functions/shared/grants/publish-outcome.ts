import { errorField, type Log } from '../log.ts';
import type { Attempts, FinishedAttempt, OutcomeEvent } from './ports.ts';

interface Publishing {
  readonly attempts: Attempts;
  readonly bus: OutcomePublisher;
  readonly log: Log;
}

/** Puts outcome events on the bus. */
export interface OutcomePublisher {
  /** @throws PublishFailedError (retry) the bus did not take it. */
  publish(event: OutcomeEvent): Promise<void>;
}

/**
 * Publishes what a finished attempt has to tell, after its outcome is stored. Never fails: what the
 * bus does not take stays in the outbox, and its lease is given up, so that a redelivered message
 * or recovery publishes it.
 *
 * At least once: who dies before `markPublished` leaves it to them too. The event's id comes from
 * attempt and outcome, so consumers recognise a repetition.
 */
export async function publishOutcome(
  finished: FinishedAttempt,
  { attempts, bus, log }: Publishing,
): Promise<void> {
  const { attemptId, unpublished } = finished;
  if (unpublished === undefined) return;
  try {
    await bus.publish(unpublished);
  } catch (error) {
    log.warn('outcome-not-published-yet', { attemptId, ...errorField(error) });
    await attempts.endLease(attemptId).catch((failure: unknown) => {
      log.warn('lease-not-ended', { attemptId, ...errorField(failure) });
    });
    return;
  }
  await attempts.markPublished(attemptId).catch((error: unknown) => {
    log.warn('outcome-published-but-not-marked', { attemptId, ...errorField(error) });
  });
}
