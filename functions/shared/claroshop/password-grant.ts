import type { CredentialsMark } from '../grants/leased-attempts.ts';
import { redeem } from '../grants/redeem.ts';
import { endWithoutGrant, keepGrant, tell } from './attempt-end.ts';
import { beforeAsking, declare, leaseLost } from './before-asking.ts';
import { isMarked, markCredentials, type Credentials } from './credentials.ts';
import type { LeasedTurn, Obtained } from './obtain-grant.ts';
import { toTokenRefreshFailed } from './outcome-events.ts';
import { untilStored } from './until-stored.ts';

/**
 * Signs in by the account's password, once per credentials: after a refusal nothing is tried until
 * they change, since ClaroShop locks an account after a few failures and answers the same then.
 *
 * @param refusal why its refresh token was refused, where the lease was that attempt's until now.
 */
export async function passwordGrant(turn: LeasedTurn, refusal?: string): Promise<Obtained> {
  const mine = await passwordTurn(turn, refusal);
  const { attempt, attempts, context, dependencies } = mine;
  const { credentials, mark } = await beforeAsking(mine, () => lookBefore(mine));
  if (mark !== undefined && (await isMarked(credentials, mark))) {
    await attempts.giveBack(attempt.attemptId);
    return { outcome: 'credentials-refused', reason: mark.reason };
  }
  await declare(mine);
  const ticket = { grantType: 'password', ...credentials } as const;
  const redeemed = await redeem(dependencies.provider, ticket, context.deadline);
  if (redeemed.kind === 'refused') return await stop(mine, credentials, redeemed.reason);
  if (redeemed.kind !== 'granted') return await endWithoutGrant(mine, redeemed);
  return await keepGrant(mine, redeemed.grant);
}

/** The attempt by password: it follows the refused refresh under the same lease. */
async function passwordTurn(turn: LeasedTurn, refusal: string | undefined): Promise<LeasedTurn> {
  const { attempt, attempts, dependencies } = turn;
  if (refusal === undefined) return { ...turn, attempt: { ...attempt, grantType: 'password' } };
  const next = { ...attempt, attemptId: dependencies.newId(), grantType: 'password' } as const;
  const isMine = await untilStored(turn, () => attempts.succeed(attempt, next, refusal));
  if (!isMine) throw leaseLost(turn);
  return { ...turn, attempt: next };
}

interface Look {
  readonly credentials: Credentials;
  readonly mark: CredentialsMark | undefined;
}

async function lookBefore({ account, attempts, dependencies }: LeasedTurn): Promise<Look> {
  const credentials = await dependencies.credentialsOf(account).read();
  return { credentials, mark: await attempts.credentialsMark() };
}

/** Who does not know of the refusal asks again, and a few of those lock the account. */
async function stop(turn: LeasedTurn, credentials: Credentials, reason: string): Promise<Obtained> {
  const { account, attempt, attempts, context, dependencies } = turn;
  const mark = await markCredentials(credentials, reason);
  const event = toTokenRefreshFailed('credentials-refused', attempt, dependencies.clock());
  const refused = { mark, event };
  const finished = await untilStored(turn, () =>
    attempts.refuseCredentials(attempt.attemptId, refused),
  );
  await tell(turn, finished);
  context.log.error('credentials-refused', { account, reason });
  return { outcome: 'credentials-refused', reason };
}
