import type { CredentialsMark } from '../grants/leased-attempts.ts';
import { redeem } from '../grants/redeem.ts';
import { errorField } from '../log.ts';
import { endWithoutGrant, keepGrant, tell } from './attempt-end.ts';
import { isMarked, markCredentials, type Credentials } from './credentials.ts';
import { leaseLost, type LeasedTurn, type Obtained } from './obtain-grant.ts';
import { toTokenRefreshFailed } from './outcome-events.ts';

const PAUSE_MS = 200;
const RESERVE_MS = 1_000;

/**
 * Signs in by the account's password, once per credentials: after a refusal nothing is tried until
 * they change, since ClaroShop locks an account after a few failures and answers the same then.
 *
 * @param refusal why its refresh token was refused, where the lease was that attempt's until now.
 */
export async function passwordGrant(turn: LeasedTurn, refusal?: string): Promise<Obtained> {
  const mine = await passwordTurn(turn, refusal);
  const { attempt, attempts, context, dependencies } = mine;
  const { credentials, mark } = await lookBefore(mine);
  if (mark !== undefined && (await isMarked(credentials, mark))) {
    await attempts.giveBack(attempt.attemptId);
    return { outcome: 'credentials-refused', reason: mark.reason };
  }
  if (!(await attempts.declare(attempt))) throw leaseLost(attempt);
  const ticket = { grantType: 'password', ...credentials } as const;
  const redeemed = await redeem(dependencies.provider, ticket, context.deadline);
  if (redeemed.kind === 'refused') return await stop(mine, credentials, redeemed.reason);
  if (redeemed.kind !== 'granted') return await endWithoutGrant(mine, redeemed);
  const kept = await keepGrant(mine, redeemed.grant);
  if (mark !== undefined) await forgetMark(mine);
  return kept;
}

/** The attempt by password: it follows the refused refresh under the same lease. */
async function passwordTurn(turn: LeasedTurn, refusal: string | undefined): Promise<LeasedTurn> {
  const { attempt, attempts, dependencies } = turn;
  if (refusal === undefined) return { ...turn, attempt: { ...attempt, grantType: 'password' } };
  const next = { ...attempt, attemptId: dependencies.newId(), grantType: 'password' } as const;
  if (!(await attempts.succeed(attempt, next, refusal))) throw leaseLost(attempt);
  return { ...turn, attempt: next };
}

interface Look {
  readonly credentials: Credentials;
  readonly mark: CredentialsMark | undefined;
}

async function lookBefore({ account, attempt, attempts, dependencies }: LeasedTurn): Promise<Look> {
  try {
    const credentials = await dependencies.credentialsOf(account).read();
    return { credentials, mark: await attempts.credentialsMark() };
  } catch (error) {
    // Nobody was asked yet: others need not wait for this lease's end.
    await attempts.giveBack(attempt.attemptId).catch(() => undefined);
    throw error;
  }
}

/**
 * The one end that is stored until it is stored, or the invocation ends: who does not know of the
 * refusal asks again, and a few of those lock the account.
 */
async function stop(turn: LeasedTurn, credentials: Credentials, reason: string): Promise<Obtained> {
  const { account, attempt, attempts, context, dependencies } = turn;
  const mark = await markCredentials(credentials, reason);
  const event = toTokenRefreshFailed('credentials-refused', attempt, dependencies.clock());
  for (;;) {
    try {
      await tell(turn, await attempts.refuseCredentials(attempt.attemptId, { mark, event }));
      break;
    } catch (error) {
      throwIfLate(error, turn);
    }
    await dependencies.pause(PAUSE_MS);
  }
  context.log.error('credentials-refused', { account, reason });
  return { outcome: 'credentials-refused', reason };
}

function throwIfLate(error: unknown, { account, context }: LeasedTurn): void {
  if (context.deadline.remainingMs() < RESERVE_MS) throw error;
  context.log.warn('refusal-not-stored-yet', { account, ...errorField(error) });
}

async function forgetMark({ account, attempts, context }: LeasedTurn): Promise<void> {
  await attempts.clearCredentialsMark().catch((error: unknown) => {
    // It is of other credentials, so it stops nobody.
    context.log.warn('mark-not-cleared', { account, ...errorField(error) });
  });
}
