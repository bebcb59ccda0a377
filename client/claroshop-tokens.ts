import { randomUUID } from 'node:crypto';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { DEFAULT_ACCOUNT } from '../events/account.ts';
import type { EventPublisher } from './publisher.ts';
import { readTokenBundle, type ClaroshopToken } from './token-bundle.ts';
import { tokenCache } from './token-cache.ts';

export interface ClaroshopTokens {
  /**
   * The account's access token, from memory until a minute before its end, else from its bundle.
   * Calls for one account that come at once share one GetParameter.
   *
   * @param account without it, the account whose names are `/claroshop/…`.
   * @returns a token with at least 5 s left to live, by the process's clock.
   * @throws {@link TokenUnavailableError} there is none; asked again, the bundle is read again.
   * @throws what the SSM client throws.
   */
  readonly claroshopToken: (account?: string) => Promise<ClaroshopToken>;

  /**
   * ClaroShop answered 401 to this token: asks for a new one and forgets it. Until that is stored,
   * the bundle still holds the refused token, which is handed out but no longer kept: wait for a
   * higher version before the call is repeated. Not for a 403, which no new token cures.
   *
   * Safe to call for each 401: a version that is not the newest any more is not refreshed again.
   *
   * @param token as it was handed out.
   * @throws {@link EventNotPublishedError} the bus is away. The token is forgotten all the same.
   */
  readonly reportRejected: (token: Pick<ClaroshopToken, 'account' | 'version'>) => Promise<void>;
}

export interface ClaroshopTokensOptions {
  /** May call `ssm:GetParameter` on the bundle, and `kms:Decrypt` with its key. */
  readonly ssm: Pick<SSMClient, 'send'>;
  /** Where refused tokens are reported. */
  readonly publisher: EventPublisher;
  /** The process's time, by which a token has ended: SSM tells none. */
  readonly clock?: () => Date;
}

/** Access tokens of ClaroShop, for a process that calls it. Make one and share it. */
export function claroshopTokens(options: ClaroshopTokensOptions): ClaroshopTokens {
  const { ssm, publisher, clock = () => new Date() } = options;
  const cache = tokenCache((account) => readTokenBundle(account, { ssm, clock }), clock);
  return {
    claroshopToken: (account = DEFAULT_ACCOUNT) => cache.get(account),

    async reportRejected({ account, version }) {
      cache.refuse(account, version);
      await publisher.publish('TokenExpiryWarning', {
        provider: 'claroshop',
        account,
        version,
        reason: 'rejected',
        metadata: { eventId: randomUUID(), occurredAt: clock().toISOString() },
      });
    },
  };
}
