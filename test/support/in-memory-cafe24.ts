import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Clock } from '#shared/clock.ts';
import type { BeginExchange, ExchangeBegun } from '#shared/grants/exchange-ports.ts';
import type {
  Attempt,
  Closure,
  FinishedAttempt,
  GrantToSave,
  OutcomeEvent,
} from '#shared/grants/ports.ts';
import type { TokenRow } from './cafe24-world.ts';

interface Code {
  readonly id: string;
  readonly mallId: string;
  readonly code: string;
  receivedAtMs: number;
  status: string;
}

interface StoredAttempt extends Attempt {
  readonly number: number;
  readonly code: Code;
  leaseUntilMs: number;
  outcome?: string | undefined;
  event?: OutcomeEvent | undefined;
  isPublished: boolean;
}

const CODE_LIFE_MS = 60_000;
const GIVEN_UP = new Set(['abandoned', 'failed', 'unknown']);
const DEAD_CODE = new Set(['rejected', 'unknown']);

/** The stores of Cafe24 in memory, held to the same suite as those on Postgres. */
export class InMemoryCafe24 {
  readonly codes: Code[] = [];
  readonly attempts: StoredAttempt[] = [];
  readonly rows = new Map<string, TokenRow & { exchangeNumber: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  store(mallId: string, code: string, receivedAt: Date): string {
    const known = this.codes.find((it) => it.mallId === mallId && it.code === code);
    const receivedAtMs = receivedAt.getTime();
    if (known === undefined) {
      const id = String(this.codes.length + 1);
      this.codes.push({ id, mallId, code, receivedAtMs, status: 'received' });
      return id;
    }
    known.receivedAtMs = Math.min(known.receivedAtMs, receivedAtMs);
    return known.id;
  }

  begin(request: BeginExchange): ExchangeBegun {
    const code = this.codes.find(({ id }) => id === request.codeId);
    if (code === undefined) return { kind: 'no-such-code' };
    if (code.mallId !== request.mallId) return { kind: 'code-of-another-mall' };
    const standing = this.#standing(code);
    if (standing !== undefined) return standing;
    return this.#decide(code, request);
  }

  close(attemptId: string, closure: Closure): FinishedAttempt {
    const attempt = this.attempt(attemptId);
    if (attempt.outcome === undefined) {
      attempt.code.status = DEAD_CODE.has(closure.outcome) ? 'rejected' : 'received';
      this.#finish(attempt, closure.outcome, closure.eventIfNoGrant);
    }
    return toFinished(attempt);
  }

  commit(attemptId: string, { grant, event }: GrantToSave<Cafe24Grant>): FinishedAttempt {
    const attempt = this.attempt(attemptId);
    if (attempt.outcome !== undefined && !GIVEN_UP.has(attempt.outcome)) return toFinished(attempt);
    const row = this.rows.get(attempt.subject);
    const isOvertaken = row !== undefined && row.exchangeNumber > attempt.number;
    attempt.outcome = isOvertaken ? 'overtaken' : 'issued';
    attempt.code.status = isOvertaken ? 'superseded' : 'exchanged';
    attempt.isPublished = false;
    attempt.event = undefined;
    if (isOvertaken) return toFinished(attempt);
    const version = (row?.version ?? 0) + 1;
    const { accessToken, refreshToken } = grant;
    const exchangeNumber = attempt.number;
    this.rows.set(attempt.subject, {
      version,
      accessToken,
      refreshToken,
      exchangeNumber,
      status: 'active',
    });
    attempt.event = withVersion(event, version);
    return toFinished(attempt);
  }

  attempt(attemptId: string): StoredAttempt {
    const attempt = this.attempts.find((it) => it.attemptId === attemptId);
    if (attempt === undefined) throw new Error(`no attempt ${attemptId}`);
    return attempt;
  }

  /** What is in the way of a begin, if anything is. */
  #standing(code: Code): ExchangeBegun | undefined {
    const newestFirst = this.attempts.toReversed();
    if (code.status === 'received' || code.status === 'exchanging') {
      const open = newestFirst.find((it) => it.subject === code.mallId && it.outcome === undefined);
      if (open === undefined) return undefined;
      return this.#lives(open)
        ? { kind: 'held' }
        : { kind: 'left-behind', attempt: toAttempt(open) };
    }
    const last = newestFirst.find((it) => it.code === code);
    if (last === undefined) return { kind: 'over', status: code.status };
    const finished = toFinished(last);
    return finished.unpublished !== undefined && this.#lives(last)
      ? { kind: 'held' }
      : { kind: 'finished', finished };
  }

  #decide(
    code: Code,
    { attemptId, mallId, leaseMs, eventIfExpired }: BeginExchange,
  ): ExchangeBegun {
    const nowMs = this.#clock().getTime();
    const attempt: StoredAttempt = {
      attemptId,
      grantType: 'authorization_code',
      subject: mallId,
      baseVersion: this.rows.get(mallId)?.version ?? 0,
      number: this.attempts.length + 1,
      code,
      leaseUntilMs: nowMs + leaseMs,
      isPublished: false,
    };
    this.attempts.push(attempt);
    const isSuperseded = this.codes.some((it) => it.mallId === mallId && isNewer(it, code));
    const isExpired = nowMs - code.receivedAtMs > CODE_LIFE_MS;
    if (!isSuperseded && !isExpired) {
      code.status = 'exchanging';
      return { kind: 'begun', attempt: toAttempt(attempt), code: code.code };
    }
    code.status = isSuperseded ? 'superseded' : 'expired';
    this.#finish(attempt, code.status, isSuperseded ? undefined : eventIfExpired);
    return { kind: 'finished', finished: toFinished(attempt) };
  }

  #finish(attempt: StoredAttempt, outcome: string, eventIfNoGrant: OutcomeEvent | undefined): void {
    const row = this.rows.get(attempt.subject);
    attempt.outcome = outcome;
    attempt.event =
      eventIfNoGrant === undefined || row?.status === 'active'
        ? undefined
        : withVersion(eventIfNoGrant, row?.version ?? 0);
  }

  #lives({ leaseUntilMs }: StoredAttempt): boolean {
    return leaseUntilMs > this.#clock().getTime();
  }
}

function toAttempt({ attemptId, grantType, subject, baseVersion }: StoredAttempt): Attempt {
  return { attemptId, grantType, subject, baseVersion };
}

function toFinished({ attemptId, outcome, event, isPublished }: StoredAttempt): FinishedAttempt {
  return { attemptId, outcome: outcome ?? '', unpublished: isPublished ? undefined : event };
}

function withVersion({ detailType, detail }: OutcomeEvent, version: number): OutcomeEvent {
  return { detailType, detail: { ...detail, version } };
}

function isNewer(one: Code, other: Code): boolean {
  return one.receivedAtMs === other.receivedAtMs
    ? Number(one.id) > Number(other.id)
    : one.receivedAtMs > other.receivedAtMs;
}
