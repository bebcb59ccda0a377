import { TokenExpiryWarning } from '#events/token-expiry-warning.ts';
import type { Deadline } from '#shared/clock.ts';
import type { DueMall } from '#shared/grants/schedule.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import type { Dependencies } from './dependencies.ts';

/** Marked, published and confirmed together; a page that fails is found again after 2 minutes. */
const PAGE = 1_000;
/** Left for the confirmation of a page that is being published. */
const RESERVE_MS = 10_000;

export interface Sweep {
  readonly warned: number;
  /** Active grants whose refresh token ends within 3 days: their malls must authorize anew soon. */
  readonly endingSoon: number;
}

/**
 * Announces every mall that is due, once however many sweeps overlap.
 *
 * @throws {@link PublishFailedError} the bus did not take a page; its malls stay due.
 */
export async function warnCafe24Expiry(
  deadline: Deadline,
  { schedule, bus, metrics, newId, clock }: Dependencies,
): Promise<Sweep> {
  let warned = 0;
  while (deadline.remainingMs() > RESERVE_MS) {
    const due = await schedule.markDue(PAGE);
    if (due.length === 0) break;
    const occurredAt = clock().toISOString();
    const events = due.map((mall) => toWarning(mall, { eventId: newId(), occurredAt }));
    await bus.publishAll(events, deadline);
    await schedule.confirmWarned(due.map(({ mallId }) => mallId));
    warned += due.length;
  }
  const endingSoon = await schedule.countEndingSoon();
  metrics.gauge('RefreshTokensEndingSoon', endingSoon);
  return { warned, endingSoon };
}

function toWarning(
  { mallId, version, expiresAt, reason }: DueMall,
  metadata: { readonly eventId: string; readonly occurredAt: string },
): OutcomeEvent {
  return {
    detailType: TokenExpiryWarning.detailType,
    detail: {
      provider: 'cafe24',
      mallId,
      version,
      reason,
      expiresAt: expiresAt.toISOString(),
      metadata: { ...metadata, correlationId: metadata.eventId },
    },
  };
}
