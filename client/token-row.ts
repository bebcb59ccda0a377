import { z } from 'zod';
import { TokenUnavailableError, type TokenUnavailableReason } from './errors.ts';
import { LEAST_LIFE_MS, type StoredToken } from './token-cache.ts';

/** As much of pg's pools and clients as reading takes. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** An access token that lives. */
export interface Cafe24Token {
  readonly mallId: string;
  readonly accessToken: string;
  /** Rises with each stored grant; who reports a token as rejected names it. */
  readonly version: number;
  readonly expiresAt: Date;
}

/** Cafe24's documentation (read 2026-11): an access token lives 2 h. A row that says more is read again. */
const USUAL_LIFE_MS = 7_200_000;

/** Numbers, whatever type parsers the application has given to pg. */
const Row = z.object({
  access_token: z.string(),
  version: z.coerce.number().int(),
  status: z.string().transform((status) => status.trim().toLowerCase()),
  expires_at_ms: z.coerce.number().pipe(z.coerce.date()),
  lives_ms: z.coerce.number(),
});

/**
 * Reads the mall's row. How long its token lives is told by the database's clock, so that a process
 * whose own clock is wrong hands out no dead token.
 *
 * @throws {@link TokenUnavailableError}
 */
export async function readTokenRow(
  mallId: string,
  { database, clock }: { readonly database: Queryable; readonly clock: () => Date },
): Promise<StoredToken<Cafe24Token>> {
  const unavailable = (reason: TokenUnavailableReason) =>
    new TokenUnavailableError({ provider: 'cafe24', subject: mallId, reason });
  const askedAtMs = clock().getTime();
  const { rows } = await database.query(SELECT, [mallId]);
  if (rows[0] === undefined) throw unavailable('no-grant');
  const { data: row } = Row.safeParse(rows[0]);
  if (row === undefined) throw unavailable('unreadable');
  if (row.status !== 'active') throw unavailable('reauthorization-required');
  const livesUntilMs = askedAtMs + Math.min(row.lives_ms, USUAL_LIFE_MS);
  if (livesUntilMs - clock().getTime() < LEAST_LIFE_MS) {
    throw unavailable('expired');
  }
  const { access_token: accessToken, version, expires_at_ms: expiresAt } = row;
  const token = { mallId, accessToken, version, expiresAt };
  return { token, livesUntilMs };
}

/** Between the years that a `Date` can show: other software may write `infinity`. */
const SELECT = `
  select access_token, version::text, status,
         (extract(epoch from expiry) * 1000)::float8 as expires_at_ms,
         (extract(epoch from expiry - cafe24.clock()) * 1000)::float8 as lives_ms
    from cafe24.oauth_tokens,
         least(greatest(expires_at, '0001-01-01Z'), timestamptz '9999-12-31Z') as expiry
   where mall_id = $1`;
