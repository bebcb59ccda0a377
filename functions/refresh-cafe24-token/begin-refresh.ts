import type { RefreshBegun } from '#shared/grants/refresh-ports.ts';
import { settleDeadAttempt } from '#shared/grants/settle-dead-attempt.ts';
import type { Turn } from './refresh-cafe24-token.ts';

type Begun = Exclude<RefreshBegun, { kind: 'left-behind' }>;

/**
 * Begins the refresh of the message's mall, after a dead process's attempt is settled. A wish is
 * stored first: whatever becomes of this attempt, the mall stays due until it has a newer grant.
 */
export async function beginRefresh({ message, context, dependencies }: Turn): Promise<Begun> {
  const { mallId, version, reason } = message.detail;
  const { attempts, stores, newId } = dependencies;
  if (reason === 'rejected') await attempts.wish(mallId, version);
  const leaseMs = context.deadline.remainingMs();
  const request = { attemptId: newId(), subject: mallId, version, leaseMs };
  const begun = await attempts.begin(request);
  if (begun.kind !== 'left-behind') return begun;

  await settleDeadAttempt(begun.attempt, { attempts, ...stores });
  const again = await attempts.begin(request);
  // Somebody else took the lease that we have just cleared.
  return again.kind === 'left-behind' ? { kind: 'not-needed', because: 'in-progress' } : again;
}
