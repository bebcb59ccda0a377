import { isStorable } from '#events/text.ts';
import type { Clock } from '#shared/clock.ts';
import type {
  Commitment,
  CredentialsMark,
  LeasedAttempts,
  NewestGrant,
  OpenAttempt,
  Standing,
} from '#shared/grants/leased-attempts.ts';
import type { Attempt, FinishedAttempt, OutcomeEvent } from '#shared/grants/ports.ts';
import { restSeconds } from '#shared/grants/rest.ts';

interface Over {
  readonly attemptId: string;
  readonly outcome: string;
  readonly event: OutcomeEvent | undefined;
  readonly finishedAtMs: number;
  leaseUntilMs: number;
  isPublished: boolean;
}

interface Open extends OpenAttempt {
  readonly leaseUntilMs: number;
  readonly isDeclared: boolean;
  readonly settledBy?: string | undefined;
}

const GIVEN_UP = ['abandoned', 'failed', 'unknown'];
const RESTING = ['failed', 'abandoned', 'misconfigured'];

/** The attempts of one subject in memory, held to the same suite as those in DynamoDB. */
export function inMemoryAttempts(subject: string, clock: Clock) {
  const over = new Map<string, Over>();
  let open: Open | undefined;
  let rest = { untilMs: 0, reason: '' };
  let failures = 0;
  let failingSince: Date | undefined;
  let wishedVersion = 0;
  let refusedVersion = 0;
  let newest: (NewestGrant & { readonly storedAtMs: number }) | undefined;
  let mark: CredentialsMark | undefined;
  const nowMs = () => clock().getTime();

  function end(attemptId: string, how: Pick<Over, 'outcome' | 'event'>) {
    if (open?.attemptId === attemptId) open = undefined;
    const finishedAtMs = nowMs();
    const leaseUntilMs = finishedAtMs + 30_000;
    over.set(attemptId, { attemptId, ...how, finishedAtMs, leaseUntilMs, isPublished: false });
    return toFinished(over.get(attemptId)!);
  }

  function standing(): Standing {
    return {
      open: open && {
        attempt: toOpenAttempt(open),
        lives: open.leaseUntilMs > nowMs(),
        isBeingSettled: open.settledBy !== undefined,
      },
      rest:
        rest.untilMs > nowMs() ? { until: new Date(rest.untilMs), reason: rest.reason } : undefined,
      hasUnpublished: [...over.values()].some((it) => toFinished(it).unpublished !== undefined),
      wishedVersion,
      refusedVersion,
      failingSince,
      newest:
        newest && nowMs() - newest.storedAtMs < 60_000
          ? { version: newest.version, attemptId: newest.attemptId }
          : undefined,
    };
  }

  function overOf(attemptId: string): Over {
    const found = over.get(attemptId);
    if (found === undefined) throw new Error(`no attempt ${attemptId}`);
    return found;
  }

  function commit({ attemptId }: Attempt, { outcome, version, event }: Commitment) {
    const known = over.get(attemptId);
    if (open?.attemptId !== attemptId && known === undefined) throw new Error('never begun');
    if (known !== undefined && !GIVEN_UP.includes(known.outcome)) return toFinished(known);
    if (outcome === 'issued' && known === undefined) mark = undefined;
    if (outcome !== 'overtaken') {
      failures = 0;
      failingSince = undefined;
      refusedVersion = 0;
      newest = { version, attemptId, storedAtMs: nowMs() };
      rest = { untilMs: 0, reason: '' };
    }
    return end(attemptId, { outcome, event: event && withVersion(event, version) });
  }

  const attempts: LeasedAttempts = {
    standing: () => Promise.resolve(standing()),
    begin: ({ attemptId, cause, leaseMs, asksNobody }) => {
      if (!Object.values(cause).every(isStorable)) return Promise.reject(new Error('no text'));
      const now = standing();
      const isMine = now.open?.attempt.attemptId === attemptId;
      if (now.open !== undefined && !isMine) {
        const { attempt, lives } = now.open;
        return Promise.resolve(
          lives ? { kind: 'in-progress' as const } : { kind: 'left-behind' as const, attempt },
        );
      }
      if (now.rest !== undefined && !asksNobody)
        return Promise.resolve({ kind: 'resting' as const, ...now.rest });
      const leaseUntilMs = nowMs() + leaseMs + 5_000;
      const fresh = { attemptId, grantType: 'refresh_token', subject, baseVersion: 0 } as const;
      open = { ...fresh, cause, leaseUntilMs, isDeclared: false };
      return Promise.resolve({ kind: 'begun' as const, standing: standing() });
    },
    takeOver: ({ attemptId }, { attemptId: settledBy, leaseMs }) => {
      if (open?.attemptId !== attemptId) return Promise.resolve(false);
      if (open.leaseUntilMs > nowMs() && open.settledBy !== settledBy) {
        return Promise.resolve(false);
      }
      open = { ...open, settledBy, leaseUntilMs: nowMs() + leaseMs + 5_000 };
      return Promise.resolve(true);
    },
    leave: (attemptId, by) => {
      if (open?.attemptId === attemptId && open.settledBy === by) {
        open = { ...open, leaseUntilMs: nowMs() };
      }
      return Promise.resolve();
    },
    declare: ({ attemptId, grantType, baseVersion, baseAttemptId }) => {
      if (open?.attemptId !== attemptId || open.leaseUntilMs <= nowMs()) {
        return Promise.resolve(false);
      }
      if (open.settledBy !== undefined) return Promise.resolve(false);
      open = { ...open, grantType, baseVersion, baseAttemptId, isDeclared: true };
      return Promise.resolve(true);
    },
    giveBack: (attemptId) => {
      if (open?.attemptId === attemptId && open.settledBy === undefined) open = undefined;
      return Promise.resolve();
    },
    succeed: (refused, next) => {
      if (open?.attemptId !== refused.attemptId || open.settledBy !== undefined) {
        return Promise.resolve(open?.attemptId === next.attemptId);
      }
      const { attemptId, grantType, baseVersion, baseAttemptId } = next;
      const held = open;
      end(refused.attemptId, { outcome: 'refused', event: undefined });
      open = { ...held, attemptId, grantType, baseVersion, baseAttemptId };
      refusedVersion = refused.baseVersion;
      return Promise.resolve(true);
    },
    commit: (attempt, commitment) => Promise.resolve(commit(attempt, commitment)),
    close: async (attemptId, { outcome, reason, event }, asked) => {
      await Promise.resolve();
      if (open?.attemptId !== attemptId) return toFinished(overOf(attemptId));
      const { isDeclared, grantType, baseVersion } = open;
      if (isDeclared && RESTING.includes(outcome)) {
        failures += 1;
        failingSince ??= clock();
        const seconds = restSeconds(failures, asked);
        rest = { untilMs: nowMs() + seconds * 1_000, reason };
      }
      if (isDeclared && outcome === 'rejected' && grantType === 'refresh_token') {
        refusedVersion = baseVersion;
      }
      const told = event && withVersion(event, baseVersion);
      return end(attemptId, { outcome, event: told });
    },
    refuseCredentials: (attemptId, refused) => {
      if (open?.attemptId !== attemptId) return Promise.resolve(toFinished(overOf(attemptId)));
      mark = refused.mark;
      const told = withVersion(refused.event, open.baseVersion);
      return Promise.resolve(end(attemptId, { outcome: 'refused', event: told }));
    },
    credentialsMark: () => Promise.resolve(mark),
    clearCredentialsMark: () => Promise.resolve(void (mark = undefined)),
    wish: (version) => Promise.resolve(void (wishedVersion = Math.max(version, wishedVersion))),
    unpublished: () =>
      Promise.resolve(
        [...over.values()]
          .filter((it) => it.leaseUntilMs <= nowMs())
          .sort((one, other) => one.finishedAtMs - other.finishedAtMs)
          .map(toFinished)
          .filter(({ unpublished }) => unpublished !== undefined),
      ),
    endLease: (attemptId) => Promise.resolve(void (overOf(attemptId).leaseUntilMs = nowMs())),
    markPublished: (attemptId) => Promise.resolve(void (overOf(attemptId).isPublished = true)),
  };
  return {
    ...attempts,
    /** Everything that is over, in the order of its end. */
    over: () => [...over.values()],
  };
}

function toOpenAttempt(open: Open): OpenAttempt {
  const { attemptId, grantType, subject, baseVersion, baseAttemptId, cause } = open;
  return { attemptId, grantType, subject, baseVersion, baseAttemptId, cause };
}

function toFinished({ attemptId, outcome, event, isPublished }: Over): FinishedAttempt {
  return { attemptId, outcome, unpublished: isPublished ? undefined : event };
}

function withVersion(event: OutcomeEvent, version: number): OutcomeEvent {
  return { ...event, detail: { ...event.detail, version } };
}
