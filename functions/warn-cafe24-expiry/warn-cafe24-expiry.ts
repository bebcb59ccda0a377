import { TokenExpiryWarning } from '#events/token-expiry-warning.ts';
import { ConfigurationError } from '#shared/errors.ts';
import type { Deadline } from '#shared/clock.ts';
import { problemOf } from '#shared/eventbridge/entry.ts';
import type { DueMall } from '#shared/grants/schedule.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import type { Dependencies } from './dependencies.ts';

/** Marked, published and confirmed together; a page that fails is found again after 2 minutes. */
const PAGE = 1_000;
/** Left for the confirmation of a page that is being published. */
const RESERVE_MS = 10_000;

const OF_OTHERS =
  'Every grant in cafe24.oauth_tokens has another client_id than CAFE24_CLIENT_ID: none is refreshed. ' +
  'Set CAFE24_CLIENT_ID to the client that got them, and deploy.';

export interface Sweep {
  readonly warned: number;
  /** Malls whose row no warning can be made of, e.g. `My_Shop: mallId: …`: others wrote it so. */
  readonly leftOut: readonly string[];
  /** Active grants whose refresh token ends within 3 days: their malls must authorize anew soon. */
  readonly endingSoon: number;
  /** Malls that Cafe24 refuses for a day in words that no table knows; told once a day. */
  readonly refusedForADay: readonly string[];
}

/**
 * Announces every mall that is due, once however many sweeps overlap.
 *
 * @throws {@link PublishFailedError} the bus did not take a page; its malls stay due.
 * @throws {@link ConfigurationError} there are grants, and none of our client's.
 */
export async function warnCafe24Expiry(
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<Sweep> {
  const { schedule, metrics } = dependencies;
  // Neither must keep the other from being done.
  const [announced] = await Promise.allSettled([announceDue(deadline, dependencies)]);
  const { endingSoon, areAllOfOthers } = await schedule.prospects();
  metrics.gauge('RefreshTokensEndingSoon', endingSoon);
  if (announced.status === 'rejected') throw announced.reason;
  if (areAllOfOthers) throw new ConfigurationError(OF_OTHERS);
  // Last: who asks for them must come to tell them.
  return { ...announced.value, endingSoon, refusedForADay: await schedule.lastingRefusals() };
}

async function announceDue(
  deadline: Deadline,
  { schedule, bus, newId, clock }: Dependencies,
): Promise<Pick<Sweep, 'warned' | 'leftOut'>> {
  let warned = 0;
  const leftOut: string[] = [];
  while (deadline.remainingMs() > RESERVE_MS) {
    const due = await schedule.markDue(PAGE);
    if (due.length === 0) break;
    const occurredAt = clock().toISOString();
    const events = due.map((mall) => toWarning(mall, { eventId: newId(), occurredAt }));
    const problems = events.map((event) => leftOutFor(event));
    const sound = events.filter((_, at) => problems[at] === undefined);
    await bus.publishAll(sound, deadline);
    await schedule.confirmWarned(due.map(({ mallId }) => mallId));
    warned += sound.length;
    leftOut.push(...problems.filter((problem) => problem !== undefined));
  }
  return { warned, leftOut };
}

function leftOutFor(event: OutcomeEvent): string | undefined {
  const problem = problemOf(event);
  return problem && `${String(event.detail['mallId'])}: ${problem}`;
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
      ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
      metadata: { ...metadata, correlationId: metadata.eventId },
    },
  };
}
