import { toReauthorizationRequired } from '#shared/cafe24/outcome-events.ts';
import type { Clock } from '#shared/clock.ts';
import type { BeginExchange } from '#shared/grants/exchange-ports.ts';
import type { StoredCode } from '#shared/grants/recovery.ts';

/** Begins an attempt that finds its code too old: the store closes both at once. */
export function codeToExpiry(
  { mallId, codeId }: StoredCode,
  means: { readonly newId: () => string; readonly clock: Clock },
): BeginExchange {
  const attemptId = means.newId();
  const message = { correlationId: attemptId, causationId: attemptId };
  const origin = { attemptId, mallId, occurredAt: means.clock(), message };
  return {
    attemptId,
    mallId,
    codeId,
    // Nobody holds the outcome: the next run publishes it.
    leaseMs: 0,
    eventIfExpired: toReauthorizationRequired('code-expired', origin),
  };
}
