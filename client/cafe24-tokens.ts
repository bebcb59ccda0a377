import { randomUUID } from 'node:crypto';
import type { EventPublisher } from './publisher.ts';
import { tokenCache } from './token-cache.ts';
import { readTokenRow, type Cafe24Token, type Queryable } from './token-row.ts';

export interface Cafe24Tokens {
  /**
   * The mall's access token, from memory until a minute before its end, else from its row. Calls for
   * one mall that come at once share one query.
   *
   * @returns a token with at least 5 s left to live.
   * @throws {@link TokenUnavailableError} there is none; asked again, the row is read again.
   * @throws what the database throws.
   */
  readonly cafe24Token: (mallId: string) => Promise<Cafe24Token>;

  /**
   * Cafe24 answered 401 to this version's access token: asks for a refresh and forgets the token.
   * Until the refresh is stored, the row still holds the refused token, which is handed out but no
   * longer kept: wait for a higher version before the call is repeated. Not for a 403, which no
   * refresh cures.
   *
   * Safe to call for each 401: a version that is not the newest any more is not refreshed again.
   *
   * @throws {@link InvalidEventError} the mall's id or the version is none.
   * @throws {@link EventNotPublishedError} the bus is away. The token is forgotten all the same.
   */
  readonly reportRejected: (mallId: string, version: number) => Promise<void>;
}

export interface Cafe24TokensOptions {
  /** A pool or a connection of pg, whose role may read `cafe24.oauth_tokens`. */
  readonly database: Queryable;
  /** Where refused tokens are reported. */
  readonly publisher: EventPublisher;
  /** The process's time. */
  readonly clock?: () => Date;
}

/** Access tokens of Cafe24 malls, for a process that calls Cafe24. Make one and share it. */
export function cafe24Tokens(options: Cafe24TokensOptions): Cafe24Tokens {
  const { database, publisher, clock = () => new Date() } = options;
  const cache = tokenCache((mallId) => readTokenRow(mallId, { database, clock }), clock);
  return {
    cafe24Token: cache.get,

    async reportRejected(mallId, version) {
      cache.refuse(mallId, version);
      await publisher.publish('TokenExpiryWarning', {
        provider: 'cafe24',
        mallId,
        version,
        reason: 'rejected',
        metadata: { eventId: randomUUID(), occurredAt: clock().toISOString() },
      });
    },
  };
}
