import { z } from 'zod';
import { eventInOwnWords } from '../cafe24/own-words.ts';
import { OwnError } from '../errors.ts';
import type { AuthorizationCodes, BeginExchange, ExchangeBegun } from '../grants/exchange-ports.ts';
import { decideExchanges, takeLeases } from './begin-exchange.ts';
import type { Database } from './database.ts';
import { gathered, gatherFor2Ms, type Gather } from './gathered.ts';
import { unlessRefused } from './unless-refused.ts';
import { whyNoExchange } from './why-no-exchange.ts';

type ArrivedCode = Parameters<AuthorizationCodes['store']>[0];

/**
 * Codes of Cafe24 malls, in `cafe24.oauth_authorization_codes`. Made for one invocation: what its
 * records ask at the same time is asked together.
 */
export function postgresAuthorizationCodes(
  database: Database,
  gather: Gather = gatherFor2Ms,
): AuthorizationCodes {
  const begin = gathered(
    (requests: readonly BeginExchange[]) => beginTogether(database, requests),
    gather,
  );
  const whyNot = gathered(
    (requests: readonly BeginExchange[]) =>
      whyNoExchange((statement) => database.run(statement), requests),
    gather,
  );
  return {
    store: gathered((codes: readonly ArrivedCode[]) => storeTogether(database, codes), gather),
    async begin(request) {
      const { attemptId, eventIfExpired } = request;
      const begun = await unlessRefused(
        () => begin(request),
        () => begin({ ...request, eventIfExpired: eventInOwnWords(eventIfExpired, attemptId) }),
      );
      return begun ?? (await whyNot(request));
    },
  };
}

/** `undefined` where a lease was not to be had. */
async function beginTogether(
  database: Database,
  requests: readonly BeginExchange[],
): Promise<readonly (ExchangeBegun | undefined)[]> {
  return await database.transaction(async (run) => {
    const won = await takeLeases(run, requests);
    const begun = requests.filter(({ attemptId }) => won.has(attemptId));
    if (begun.length === 0) return requests.map(() => undefined);
    const decided = await decideExchanges(run, begun);
    return requests.map(({ attemptId }) => decided.get(attemptId));
  });
}

const StoredRow = z.object({
  id: z.string().regex(/^\d+$/),
  mall_id: z.string(),
  code: z.string(),
});

/**
 * Stores each code once per mall. Whoever stores a code so has announced it, or is about to: nobody
 * else need for 10 s.
 *
 * @param arrived a query with the columns `mall_id`, `code`, `received_at`, each code once.
 */
export function storingCodes(arrived: string): string {
  return `
    insert into cafe24.oauth_authorization_codes as stored
           (mall_id, code, code_sha256, received_at, announce_again_at)
    select mall_id, code, sha256(convert_to(code, 'UTF8')), received_at,
           cafe24.clock() + interval '10 seconds'
      from (${arrived}) arrived (mall_id, code, received_at)
    on conflict (mall_id, code_sha256) do update
       set received_at = least(stored.received_at, excluded.received_at),
           announce_again_at = greatest(stored.announce_again_at, excluded.announce_again_at)
    returning id, mall_id, code`;
}

/** A code that came several times is stored once: an upsert may name a key only once. */
async function storeTogether(
  database: Database,
  codes: readonly ArrivedCode[],
): Promise<readonly string[]> {
  const rows = await database.run({
    text: storingCodes(`
      select mall_id, code, min(received_at)
        from unnest($1::text[], $2::text[], $3::timestamptz[])
               as arrived (mall_id, code, received_at)
       group by mall_id, code order by mall_id, code`),
    values: [
      codes.map(({ mallId }) => mallId),
      codes.map(({ code }) => code),
      codes.map(({ receivedAt }) => receivedAt.toISOString()),
    ],
    row: StoredRow,
  });
  const ids = new Map(rows.map((row) => [`${row.mall_id} ${row.code}`, row.id]));
  return codes.map(({ mallId, code }) => {
    const id = ids.get(`${mallId} ${code}`);
    if (id === undefined) throw new OwnError('An upsert returned no row.');
    return id;
  });
}
