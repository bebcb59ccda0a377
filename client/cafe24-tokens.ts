import { randomUUID } from 'node:crypto';
import type { EventPublisher } from './publisher.ts';
import { readTokenRow, type Cafe24Token, type Queryable, type StoredToken } from './token-row.ts';

/** A cached token serves until so long before its end. */
const RENEW_BEFORE_MS = 60_000;

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
  const cached = new Map<string, StoredToken>();
  const reads = new Map<string, Promise<StoredToken>>();
  const refusedVersions = new Map<string, number>();

  async function read(mallId: string): Promise<StoredToken> {
    const stored = await readTokenRow(mallId, { database, clock });
    const refusedVersion = refusedVersions.get(mallId) ?? 0;
    if (stored.token.version > refusedVersion) cached.set(mallId, stored);
    return stored;
  }

  async function readOnce(mallId: string): Promise<StoredToken> {
    const underWay = reads.get(mallId);
    if (underWay !== undefined) return await underWay;
    const reading = read(mallId).finally(() => reads.delete(mallId));
    reads.set(mallId, reading);
    return await reading;
  }

  return {
    async cafe24Token(mallId) {
      const known = cached.get(mallId);
      const isFresh =
        known !== undefined && clock().getTime() < known.livesUntilMs - RENEW_BEFORE_MS;
      return (isFresh ? known : await readOnce(mallId)).token;
    },

    async reportRejected(mallId, version) {
      refusedVersions.set(mallId, Math.max(version, refusedVersions.get(mallId) ?? 0));
      // An answer to an old request says nothing about the token that came after it.
      if ((cached.get(mallId)?.token.version ?? 0) <= version) cached.delete(mallId);
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
