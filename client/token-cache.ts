/** A cached token serves until so long before its end. */
const RENEW_BEFORE_MS = 60_000;

/** With less, the token would end on its way to the provider. */
export const LEAST_LIFE_MS = 5_000;

export interface StoredToken<Token> {
  readonly token: Token;
  /** When the token ends, by the process's clock. */
  readonly livesUntilMs: number;
}

export interface TokenCache<Token> {
  /** From memory until a minute before its end, else read; calls that come at once share a read. */
  readonly get: (key: string) => Promise<Token>;
  /** The provider refused this version: it is not kept any more, and neither is an older one. */
  readonly refuse: (key: string, version: number) => void;
}

/** @param read throws rather than give a token with less than 5 s to live. */
export function tokenCache<Token extends { readonly version: number }>(
  read: (key: string) => Promise<StoredToken<Token>>,
  clock: () => Date,
): TokenCache<Token> {
  const cached = new Map<string, StoredToken<Token>>();
  const reads = new Map<string, Promise<StoredToken<Token>>>();
  const refusedVersions = new Map<string, number>();

  async function readAndKeep(key: string): Promise<StoredToken<Token>> {
    const stored = await read(key);
    const known = cached.get(key);
    // A read may be older than the one before it: Parameter Store is eventually consistent.
    if (known !== undefined && isOlder(stored, known) && lives(known)) return known;
    const refusedVersion = refusedVersions.get(key) ?? 0;
    if (stored.token.version > refusedVersion) cached.set(key, stored);
    return stored;
  }

  const lives = ({ livesUntilMs }: StoredToken<Token>) =>
    livesUntilMs - clock().getTime() >= LEAST_LIFE_MS;
  const isOlder = (one: StoredToken<Token>, other: StoredToken<Token>) =>
    one.token.version < other.token.version;

  async function readOnce(key: string): Promise<StoredToken<Token>> {
    const underWay = reads.get(key);
    if (underWay !== undefined) return await underWay;
    const reading = readAndKeep(key).finally(() => reads.delete(key));
    reads.set(key, reading);
    return await reading;
  }

  return {
    async get(key) {
      const known = cached.get(key);
      const isFresh =
        known !== undefined && clock().getTime() < known.livesUntilMs - RENEW_BEFORE_MS;
      return (isFresh ? known : await readOnce(key)).token;
    },

    refuse(key, version) {
      refusedVersions.set(key, Math.max(version, refusedVersions.get(key) ?? 0));
      // An answer to an old request says nothing about the token that came after it.
      if ((cached.get(key)?.token.version ?? 0) <= version) cached.delete(key);
    },
  };
}
