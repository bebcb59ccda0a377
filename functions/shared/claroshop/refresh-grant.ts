import type { Standing } from '../grants/leased-attempts.ts';
import { redeem } from '../grants/redeem.ts';
import { endWithoutGrant, keepGrant, tell } from './attempt-end.ts';
import { declare } from './before-asking.ts';
import type { GrantDependencies, LeasedTurn, Obtained } from './obtain-grant.ts';
import { passwordGrant } from './password-grant.ts';
import type { StoredBundle } from './tokens.ts';
import { untilStored } from './until-stored.ts';

/**
 * The refresh token that is worth an attempt.
 *
 * @returns `undefined` when there is none, when ClaroShop has called it dead, or when its session ends
 *   within the margin: near that end Keycloak bounds the access token's life by it, too, so that
 *   another refresh would bring one that is due at once (TokenManager, read 2026-11).
 */
export function refreshTokenOf(
  { bundle, version }: StoredBundle,
  { refusedVersion }: Standing,
  { clock, marginMs }: Pick<GrantDependencies, 'clock' | 'marginMs'>,
): string | undefined {
  if (bundle?.refresh_token === undefined || refusedVersion === version) return undefined;
  const { refresh_token: refreshToken, refresh_expires_at: endsAt } = bundle;
  const isDue = endsAt !== undefined && Date.parse(endsAt) <= clock().getTime() + marginMs;
  return isDue ? undefined : refreshToken;
}

/** Rotates the grant. A refresh token that is refused is followed by the password at once. */
export async function refreshGrant(turn: LeasedTurn, refreshToken: string): Promise<Obtained> {
  const { context, dependencies } = turn;
  await declare(turn);
  const ticket = { grantType: 'refresh_token', refreshToken } as const;
  const redeemed = await redeem(dependencies.provider, ticket, context.deadline);
  if (redeemed.kind === 'granted') return await keepGrant(turn, redeemed.grant);
  if (redeemed.kind !== 'refused') return await endWithoutGrant(turn, redeemed);

  const installed = await installEscrowed(turn).catch(() => 'unreadable' as const);
  if (installed === 'unreadable') {
    return await endWithoutGrant(turn, { kind: 'failed', reason: 'escrow-unreadable' });
  }
  return installed ? await endOvertaken(turn) : await passwordGrant(turn, redeemed.reason);
}

/**
 * An earlier attempt at this version may have been granted the successor and could save it only in
 * escrow: then the refresh token was not dead, but spent.
 */
async function installEscrowed({ attempt, dependencies }: LeasedTurn): Promise<boolean> {
  const { escrow, tokens } = dependencies;
  let isInstalled = false;
  for (const { attempt: earlier, save } of await escrow.list()) {
    if (earlier.subject !== attempt.subject) continue;
    const { outcome } = await tokens.commit(earlier, save, false);
    await escrow.delete(earlier.attemptId);
    isInstalled ||= outcome !== 'overtaken';
  }
  return isInstalled;
}

async function endOvertaken(turn: LeasedTurn): Promise<Obtained> {
  const overtaken = { outcome: 'overtaken', version: 0, event: undefined } as const;
  const finished = await untilStored(turn, () => turn.attempts.commit(turn.attempt, overtaken));
  await turn.dependencies.tokens.project(turn.account, turn.context.deadline);
  return await tell(turn, finished);
}
