import { OVERTAKEN, type Standing } from '../grants/leased-attempts.ts';
import { redeem } from '../grants/redeem.ts';
import { errorField } from '../log.ts';
import { endWithoutGrant, keepGrant, tell } from './attempt-end.ts';
import { declare } from './before-asking.ts';
import type { GrantDependencies, LeasedTurn, Obtained } from './obtain-grant.ts';
import { installEscrowed } from './install-escrowed.ts';
import { passwordGrantAfter, passwordGrantOr } from './password-grant.ts';
import type { StoredBundle } from './tokens.ts';
import { untilDone } from './until-done.ts';

export interface RefreshToken {
  readonly refreshToken: string;
  /**
   * Its session ends within the margin. Near that end Keycloak bounds the access token's life by it,
   * too, so that another refresh would bring one that is due at once (TokenManager, read 2026-11): the
   * password, which begins a new session, comes first then.
   */
  readonly isEnding: boolean;
  /** Earlier attempts at this grant brought none. */
  readonly isFailing: boolean;
}

/** @returns `undefined` when there is none, or none that lives, by its end or by what ClaroShop said. */
export function refreshTokenOf(
  { bundle, version }: StoredBundle,
  { refusedVersion, failingSince }: Standing,
  { clock, marginMs }: Pick<GrantDependencies, 'clock' | 'marginMs'>,
): RefreshToken | undefined {
  if (bundle?.refresh_token === undefined || refusedVersion === version) return undefined;
  const { refresh_token: refreshToken, refresh_expires_at: endsAt } = bundle;
  const leftMs = endsAt === undefined ? Infinity : Date.parse(endsAt) - clock().getTime();
  if (leftMs <= 0) return undefined;
  return { refreshToken, isEnding: leftMs <= marginMs, isFailing: failingSince !== undefined };
}

/**
 * Rotates the grant. A refresh token that is refused is followed by the password at once; one that is
 * refused in words that no table knows, only if earlier attempts have failed, too, and without a mark:
 * it may pass, but the account must not be without a token until then.
 */
export async function refreshGrant(
  turn: LeasedTurn,
  { refreshToken, isFailing }: Pick<RefreshToken, 'refreshToken' | 'isFailing'>,
): Promise<Obtained> {
  const { context, dependencies } = turn;
  await declare(turn);
  const ticket = { grantType: 'refresh_token', refreshToken } as const;
  const redeemed = await redeem(dependencies.provider, ticket, context.deadline);
  if (redeemed.kind === 'granted') return await keepGrant(turn, redeemed.grant);
  const isLasting = redeemed.kind === 'unrecognized' && isFailing;
  if (redeemed.kind !== 'refused' && !isLasting) return await endWithoutGrant(turn, redeemed);

  const successor = await findSuccessor(turn);
  if (successor === 'unknown') {
    return await endWithoutGrant(turn, { kind: 'failed', reason: 'escrow-unreadable' });
  }
  if (successor === 'installed') return await endOvertaken(turn);
  if (redeemed.kind === 'refused') return await passwordGrantAfter(turn, redeemed.reason);
  context.log.warn('refresh-unrecognized', { account: turn.account, reason: redeemed.reason });
  return await passwordGrantOr(() => endWithoutGrant(turn, redeemed), turn);
}

/**
 * An earlier attempt at this version may have been granted the successor and could save it only in
 * escrow: then the refresh token was not dead, but spent. What was installed shows in the version, also
 * when a later step failed; what was there of older attempts does not.
 */
async function findSuccessor(turn: LeasedTurn): Promise<'installed' | 'none' | 'unknown'> {
  const { account, attempt, context, dependencies } = turn;
  try {
    await installAll(turn);
  } catch (error) {
    context.log.warn('escrow-not-installed', { account, ...errorField(error) });
    return (await hasChanged()) ? 'installed' : 'unknown';
  }
  return (await hasChanged()) ? 'installed' : 'none';

  async function hasChanged(): Promise<boolean> {
    const { version, bundle } = await untilDone(turn, (signal) =>
      dependencies.tokens.read(account, signal),
    );
    // A late put of the base raises the version and brings nothing.
    return version !== attempt.baseVersion && bundle?.attempt_id !== attempt.baseAttemptId;
  }
}

/**
 * Each item has its own fate. What can't be read never will be: a person looks at it, whom the sweep calls,
 * and the password brings a grant meanwhile.
 *
 * @throws (retry) what the first item met that could not be installed; the others were.
 */
async function installAll({ attempt, attempts, context, dependencies }: LeasedTurn): Promise<void> {
  const { log } = context;
  const failures: unknown[] = [];
  const listed = await dependencies.escrow.list((error, subject) => {
    log.warn('escrow-unreadable', { subject, error });
  });
  for (const { attempt: earlier } of listed) {
    if (earlier.subject !== attempt.subject) continue;
    const installing = installEscrowed(earlier, { ...dependencies, attempts, log });
    await installing.catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function endOvertaken(turn: LeasedTurn): Promise<Obtained> {
  const { account, attempt, attempts, context, dependencies } = turn;
  const finished = await untilDone(turn, (signal) => attempts.commit(attempt, OVERTAKEN, signal));
  await dependencies.tokens.project(account, context.deadline).catch((error: unknown) => {
    context.log.warn('names-not-written-yet', { account, ...errorField(error) });
  });
  return await tell(turn, finished);
}
