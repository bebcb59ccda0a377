import { TokenlineError } from '../errors.ts';
import type { CredentialsMark } from '../grants/leased-attempts.ts';
import { redeem } from '../grants/redeem.ts';
import { errorField } from '../log.ts';
import { endWithoutGrant, keepGrant, tell } from './attempt-end.ts';
import { beforeAsking, declare, leaseLost } from './before-asking.ts';
import { areSame, type Credentials, type Fingerprint } from './credentials.ts';
import type { LeasedTurn, Obtained } from './obtain-grant.ts';
import { toTokenRefreshFailed } from './outcome-events.ts';
import { untilDone } from './until-done.ts';

/**
 * Signs in by the account's password, once per credentials: after a refusal nothing is tried until
 * they change, since ClaroShop locks an account after a few failures and answers the same then. A refusal
 * that no table knows says nothing of the credentials: they are not marked, but asked seldom.
 */
export async function passwordGrant(turn: LeasedTurn): Promise<Obtained> {
  const mine = byPassword(turn);
  return await signInUnlessRefused(mine, await beforeAsking(mine, () => lookBefore(mine)));
}

/** The same after a refresh token was refused, under the same lease. */
export async function passwordGrantAfter(turn: LeasedTurn, refusal: string): Promise<Obtained> {
  const { attempt, attempts, dependencies } = turn;
  const mine = byPassword({ ...turn, attempt: { ...attempt, attemptId: dependencies.newId() } });
  const isMine = await untilDone(turn, (signal) =>
    attempts.succeed(attempt, mine.attempt, { reason: refusal, signal }),
  );
  if (!isMine) throw leaseLost(turn);
  return await signInUnlessRefused(mine, await beforeAsking(mine, () => lookBefore(mine)));
}

/**
 * The same for a session that is about to end, or whose refresh is refused for reasons unknown: the
 * password begins a new one. While the credentials are refused or can't be read, the old session is left
 * as it is, which is better than nothing.
 *
 * @param otherwise uses what is left of it, or ends the attempt.
 */
export async function passwordGrantOr(
  otherwise: () => Promise<Obtained>,
  turn: LeasedTurn,
): Promise<Obtained> {
  const look = await lookBefore(turn).catch((error: unknown) => {
    const { account, context } = turn;
    const code = error instanceof TokenlineError ? error.code : undefined;
    context.log.warn('credentials-not-read', { account, code, ...errorField(error) });
    return undefined;
  });
  if (look === undefined || look.refused !== undefined) return await otherwise();
  return await signInUnlessRefused(byPassword(turn), look);
}

function byPassword(turn: LeasedTurn): LeasedTurn {
  return { ...turn, attempt: { ...turn.attempt, grantType: 'password' } };
}

interface Look {
  readonly credentials: Credentials;
  readonly fingerprint: Fingerprint;
  /** What is kept of these very credentials, if they were refused before. */
  readonly refused: CredentialsMark | undefined;
}

async function lookBefore({ account, attempts, dependencies }: LeasedTurn): Promise<Look> {
  const credentials = await dependencies.credentialsOf(account).read();
  const mark = await attempts.credentialsMark();
  const fingerprint = await dependencies.fingerprintOf(credentials, mark);
  const refused = mark !== undefined && areSame(fingerprint, mark) ? mark : undefined;
  return { credentials, fingerprint, refused };
}

async function signInUnlessRefused(
  turn: LeasedTurn,
  { credentials, fingerprint, refused }: Look,
): Promise<Obtained> {
  const { account, attempt, attempts, context, dependencies } = turn;
  if (refused !== undefined) {
    await attempts.giveBack(attempt.attemptId).catch((error: unknown) => {
      // Then it ends by itself, and since nobody was asked nobody rests for it.
      context.log.warn('lease-not-ended', { account, ...errorField(error) });
    });
    return { outcome: 'credentials-refused', reason: refused.reason };
  }
  await declare(turn);
  const ticket = { grantType: 'password', ...credentials } as const;
  const redeemed = await redeem(dependencies.provider, ticket, context.deadline);
  if (redeemed.kind === 'granted') return await keepGrant(turn, redeemed.grant);
  if (redeemed.kind !== 'refused') return await endWithoutGrant(turn, redeemed);
  return await stop(turn, { ...fingerprint, reason: redeemed.reason });
}

/** Who does not know of the refusal asks again, and a few of those lock the account. */
async function stop(turn: LeasedTurn, mark: CredentialsMark): Promise<Obtained> {
  const { account, attempt, attempts, context, dependencies } = turn;
  const event = toTokenRefreshFailed('credentials-refused', attempt, dependencies.clock());
  const finished = await untilDone(turn, (signal) =>
    attempts.refuseCredentials(attempt.attemptId, { mark, event }, signal),
  );
  await tell(turn, finished);
  const { reason } = mark;
  context.log.error('credentials-refused', { account, reason });
  return { outcome: 'credentials-refused', reason };
}
