import type { ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import { obtainGrant } from '#shared/claroshop/obtain-grant.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { StoredBundle } from '#shared/claroshop/tokens.ts';
import { RuleViolatedError } from '#shared/errors.ts';
import type { Message } from '#shared/sqs/message.ts';
import type { RecordContext } from '#shared/sqs/worker.ts';
import type { Dependencies } from './dependencies.ts';

interface Turn {
  readonly message: Message<ClaroshopExpiryWarning>;
  readonly context: RecordContext;
  readonly dependencies: Dependencies;
}

/**
 * Brings one account a new grant. A client's wish is stored first: whatever becomes of this attempt,
 * the account stays due until it has a newer grant.
 *
 * @returns as `obtainGrant` has it; every one of them is done with, since the sweep comes again.
 * @throws {@link RuleViolatedError} (reject) the account is not configured.
 * @throws {@link DependencyUnavailableError} (retry) a store is away, or no time was left.
 * @remarks Safe to call twice: one attempt per account is in flight, and what is done is overtaken.
 */
export async function refreshClaroshopToken({
  message,
  context,
  dependencies: { accounts, grants },
}: Turn): Promise<string> {
  const { account, reason } = message.detail;
  if (!accounts.includes(account)) {
    throw new RuleViolatedError('unknown-account', `${account} is not in CLAROSHOP_ACCOUNTS.`);
  }
  const stored = await grants.tokens.read(account);
  const version = versionOf(message, stored);
  if (version < stored.version) return 'overtaken';
  if (reason === 'rejected') {
    await grants.attemptsOf(accountToSubject(account)).wish(stored.version);
  }
  const { correlationId, causationId } = message;
  const cause = { correlationId, causationId };
  const turn = { account, version: stored.version, cause, context, dependencies: grants };
  return (await obtainGrant(turn)).outcome;
}

/** Which version the warning is about: without one, what was stored when it was published. */
function versionOf({ detail, publishedAt }: Turn['message'], stored: StoredBundle): number {
  if (detail.version !== undefined) return detail.version;
  const { bundle, version } = stored;
  const isNewer = bundle !== undefined && Date.parse(bundle.obtained_at) >= publishedAt.getTime();
  return isNewer ? version - 1 : version;
}
