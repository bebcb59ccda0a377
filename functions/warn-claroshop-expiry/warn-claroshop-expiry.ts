import { TokenExpiryWarning } from '#events/token-expiry-warning.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { StoredBundle } from '#shared/claroshop/tokens.ts';
import { within, type Deadline } from '#shared/clock.ts';
import { fromAnother } from '#shared/grants/from-another.ts';
import type { Standing } from '#shared/grants/leased-attempts.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { errorField } from '#shared/log.ts';
import type { Dependencies } from './dependencies.ts';
import { recoverAccount, recoverEscrowed } from './recover-account.ts';

/** What one account, or a grant in escrow, may take; with less left, the next run goes on. */
const ACCOUNT_MS = 10_000;

export interface Sweep {
  readonly warned: number;
  /** Accounts without a token that lives, and those that could not be looked at. */
  readonly expired: number;
  /** Accounts whose credentials were refused: nothing is tried until they change. */
  readonly refused: number;
}

/**
 * Announces every account that is due, after it has finished what dead processes left of it; when all
 * were looked at, it mends their eight names, which may take long. It looks at the state alone, so that
 * a warning that got lost is published again by the next run; an account that is worked on, or that
 * rests, is left alone.
 *
 * @throws what the first account threw that could not be looked after; the others were.
 */
export async function warnClaroshopExpiry(
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<Sweep> {
  const { accounts, metrics, log } = dependencies;
  const failures: unknown[] = [];
  const failed = (error: unknown): undefined => {
    log.error('sweep-step-failed', errorField(error));
    failures.push(error);
  };
  const run = { deadline, dependencies, failed };
  await recoverAllEscrowed(run);
  const looks = await lookAtAll(run);
  const unseen = accounts.length - looks.length;
  const sweep = {
    warned: looks.filter((it) => it.isWarned).length,
    expired: looks.filter((it) => it.isExpired).length + unseen,
    refused: looks.filter((it) => it.isRefused).length,
  };
  metrics.gauge('ClaroshopTokensExpired', sweep.expired);
  metrics.gauge('ClaroshopCredentialsRefused', sweep.refused);
  await mendAllNames(looks, run);
  if (failures.length > 0) throw failures[0];
  return sweep;
}

interface Run {
  readonly deadline: Deadline;
  readonly dependencies: Dependencies;
  /** Notes what a step met, so that the next one has its turn. */
  readonly failed: (error: unknown) => undefined;
}

async function recoverAllEscrowed({ deadline, dependencies, failed }: Run): Promise<void> {
  const { escrow, clock } = dependencies;
  // However long these take, every run looks at the accounts.
  const forAccountsMs = Math.max(ACCOUNT_MS, deadline.remainingMs() / 2);
  const escrowed = await escrow.list(failed).catch(failed);
  for (const item of fromAnother(escrowed ?? [], clock)) {
    if (deadline.remainingMs() < forAccountsMs) return;
    await recoverEscrowed(item, deadline, dependencies).catch(failed);
  }
}

type Looked = Look & { readonly account: string; readonly isWarned: boolean };

async function lookAtAll({ deadline, dependencies, failed }: Run): Promise<readonly Looked[]> {
  const { accounts, bus, clock } = dependencies;
  const looks: Looked[] = [];
  for (const account of fromAnother(accounts, clock)) {
    if (deadline.remainingMs() < ACCOUNT_MS) break;
    const look = await lookAfter(account, deadline, dependencies).catch(failed);
    if (look === undefined) continue;
    const publishing = look.warning && bus.publish(look.warning).then(() => true);
    const isWarned = (await publishing?.catch(failed)) === true;
    looks.push({ ...look, account, isWarned });
  }
  return looks;
}

async function mendAllNames(looks: readonly Looked[], run: Run): Promise<void> {
  const { deadline, dependencies, failed } = run;
  for (const { account, isWorkedOn } of looks) {
    if (isWorkedOn) continue;
    if (deadline.remainingMs() < ACCOUNT_MS) return;
    await mendNames(account, deadline, dependencies).catch(failed);
  }
}

interface Look {
  /** Who works for the account writes its names by himself. */
  readonly isWorkedOn: boolean;
  /** To publish, if the account is due and nobody works for it. */
  readonly warning: OutcomeEvent | undefined;
  readonly isExpired: boolean;
  readonly isRefused: boolean;
}

function mendNames(
  account: string,
  deadline: Deadline,
  { tokens }: Dependencies,
): Promise<StoredBundle> {
  return tokens.project(account, within(deadline, ACCOUNT_MS));
}

async function lookAfter(
  account: string,
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<Look> {
  const { tokens, attemptsOf, clock, marginMs } = dependencies;
  const standing = await recoverAccount(account, deadline, dependencies);
  const isWorkedOn = standing.open !== undefined;
  const stored = await tokens.read(account);
  const leftMs = stored.bundle
    ? Date.parse(stored.bundle.expires_at) - clock().getTime()
    : -Infinity;
  const reason = whyDue(stored.version, { isExpiring: leftMs <= marginMs, standing });
  const isToWarn = !isWorkedOn && standing.rest === undefined;
  const warning =
    reason && isToWarn ? toWarning(account, { ...stored, reason }, dependencies) : undefined;
  const mark = await attemptsOf(accountToSubject(account)).credentialsMark();
  return { isWorkedOn, warning, isExpired: leftMs <= 0, isRefused: mark !== undefined };
}

type Reason = 'expiring' | 'rejected';

function whyDue(
  version: number,
  { isExpiring, standing }: { readonly isExpiring: boolean; readonly standing: Standing },
): Reason | undefined {
  if (isExpiring) return 'expiring';
  return standing.wishedVersion === version ? 'rejected' : undefined;
}

function toWarning(
  account: string,
  { version, bundle, reason }: StoredBundle & { readonly reason: Reason },
  { clock, newId }: Dependencies,
): OutcomeEvent {
  const eventId = newId();
  return {
    detailType: TokenExpiryWarning.detailType,
    detail: {
      provider: 'claroshop',
      account,
      version,
      reason,
      ...(bundle && { expiresAt: bundle.expires_at }),
      metadata: { eventId, occurredAt: clock().toISOString(), correlationId: eventId },
    },
  };
}
