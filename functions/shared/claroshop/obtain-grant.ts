import { cleaned } from '#events/text.ts';
import { within, type Clock, type Deadline } from '../clock.ts';
import type { Cause, LeasedAttempts, OpenAttempt, Standing } from '../grants/leased-attempts.ts';
import type { Escrow, Provider } from '../grants/ports.ts';
import { publishOutcome, type OutcomePublisher } from '../grants/publish-outcome.ts';
import { errorField, type Log } from '../log.ts';
import { beforeAsking } from './before-asking.ts';
import type { Bundle } from './bundle.ts';
import type { CredentialsSource, Fingerprinting } from './credentials.ts';
import type { ClaroshopGrant, ClaroshopTicket } from './grant.ts';
import { passwordGrant, passwordGrantOr } from './password-grant.ts';
import { refreshGrant, refreshTokenOf } from './refresh-grant.ts';
import { settleOpenAttempt } from './settle-open-attempt.ts';
import { accountToSubject } from './subject.ts';
import type { ClaroshopTokens } from './tokens.ts';

/** For the names, before ClaroShop is asked: what they cost is taken from its time to answer. */
const MEND_MS = 5_000;

/** Every side effect of an attempt at a new grant. */
export interface GrantDependencies {
  readonly attemptsOf: (subject: string) => LeasedAttempts;
  readonly tokens: ClaroshopTokens;
  readonly escrow: Escrow<ClaroshopGrant>;
  readonly provider: Provider<ClaroshopTicket, ClaroshopGrant>;
  readonly credentialsOf: (account: string) => CredentialsSource;
  /** Made on purpose so that it takes long. */
  readonly fingerprintOf: Fingerprinting;
  readonly bus: OutcomePublisher;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly pause: (ms: number) => Promise<void>;
  /** A grant whose end is nearer is due; so is a session, which the password replaces. */
  readonly marginMs: number;
}

/** One request for a new grant on its way. */
export interface Turn {
  readonly account: string;
  /** What the request is about: a newer grant has overtaken it. */
  readonly version: number;
  readonly cause: Cause;
  readonly context: { readonly deadline: Deadline; readonly log: Log };
  readonly dependencies: GrantDependencies;
}

/** An attempt that may ask the provider. */
export interface LeasedTurn extends Turn {
  readonly attempts: LeasedAttempts;
  readonly attempt: OpenAttempt;
}

export interface Obtained {
  /**
   * `issued`, `refreshed`: stored. `escrowed`: the grant waits to be installed. `overtaken`: a newer
   * one is there. `in-progress`: a living process works for the account. `resting`: after attempts
   * without a grant. `failed`, `misconfigured`: ended without one. `credentials-refused`: nothing is
   * tried until they change.
   */
  readonly outcome: string;
  /** Why there is no grant, in a word that holds no secret. */
  readonly reason?: string | undefined;
  /** What was stored: reads of it may show it later. */
  readonly bundle?: Bundle;
}

/**
 * Brings an account a new grant: by its refresh token, else by its password, under one lease.
 *
 * @throws {@link DependencyUnavailableError} (retry) a store is away, or no time was left.
 * @remarks Safe to call twice: one attempt per account is in flight, and what is done is overtaken.
 */
export async function obtainGrant(turn: Turn): Promise<Obtained> {
  const attempts = turn.dependencies.attemptsOf(accountToSubject(turn.account));
  const begun = await beginAttempt(turn, attempts);
  if (begun.kind !== 'begun') return { outcome: begun.kind, reason: begun.reason };
  const leased = { ...turn, attempts, attempt: begun.attempt };
  const chosen = await beforeAsking(leased, () => chooseWay(leased, begun.standing));
  return await chosen();
}

/** The lease keeps it, and so does every event: what only describes must not cost them. */
function storable({ correlationId, causationId }: Cause): Cause {
  return { correlationId: cleaned(correlationId), causationId: cleaned(causationId) };
}

type Begun =
  | { readonly kind: 'begun'; readonly attempt: OpenAttempt; readonly standing: Standing }
  | { readonly kind: 'in-progress' | 'resting'; readonly reason?: string };

/** Takes the lease, after a dead process's attempt is settled. */
async function beginAttempt(turn: Turn, attempts: LeasedAttempts): Promise<Begun> {
  const { account, context, dependencies } = turn;
  const cause = storable(turn.cause);
  const attemptId = dependencies.newId();
  const request = { attemptId, cause, leaseMs: context.deadline.remainingMs() };
  let begun = await attempts.begin(request);
  if (begun.kind === 'left-behind') {
    const settling = { ...dependencies, attempts, by: request };
    const finished = await settleOpenAttempt(begun.attempt, settling);
    if (finished === undefined) return { kind: 'in-progress' };
    await publishOutcome(finished, { attempts, bus: dependencies.bus, log: context.log });
    begun = await attempts.begin(request);
  }
  // Somebody else took the lease that we have just cleared, and died.
  if (begun.kind === 'left-behind') return { kind: 'in-progress' };
  if (begun.kind !== 'begun') return begun;
  const subject = accountToSubject(account);
  const attempt = {
    attemptId,
    grantType: 'refresh_token',
    subject,
    baseVersion: 0,
    cause,
  } as const;
  return { kind: 'begun', attempt, standing: begun.standing };
}

/**
 * Looks, under the lease, at what is stored, mends the names, and decides how to go on. Names that
 * can't be mended hold up nothing: the bundle is what has to stay alive.
 */
async function chooseWay(turn: LeasedTurn, standing: Standing): Promise<() => Promise<Obtained>> {
  const { account, version, attempt, attempts, context, dependencies } = turn;
  const mending = within(context.deadline, MEND_MS);
  const stored = await dependencies.tokens.project(account, mending).catch((error: unknown) => {
    context.log.warn('names-not-mended', { account, ...errorField(error) });
    return dependencies.tokens.read(account);
  });
  if (stored.version > version) {
    await attempts.giveBack(attempt.attemptId);
    return () => Promise.resolve({ outcome: 'overtaken' });
  }
  const base = { baseVersion: stored.version, baseAttemptId: stored.bundle?.attempt_id };
  const based = { ...turn, attempt: { ...attempt, ...base } };
  const found = refreshTokenOf(stored, standing, dependencies);
  if (found === undefined) return () => passwordGrant(based);
  const refresh = () => refreshGrant(based, found);
  return found.isEnding ? () => passwordGrantOr(refresh, based) : refresh;
}
