import { z } from 'zod';
import { DependencyUnavailableError } from '#shared/errors.ts';
import type { Database } from '#shared/postgres/database.ts';
import type { Ablation } from './pipeline.ts';
import { rewritten, type AnyStatement, type Run } from './rewriting.ts';

/**
 * Rules of the protocol, each taken out from outside: the suite is worth something only if it
 * notices. Texts that are replaced here must stand in the functions; if they don't, nothing is
 * taken out, nothing is found, and the ablation's own test fails.
 */
export const ABLATIONS = {
  'fence off': (): Ablation => ({
    database: rewritten((text) =>
      text
        .replace('and stored.version = attempt.base_version', '')
        .replace(
          'where stored.exchange_no is null or stored.exchange_no < excluded.exchange_no',
          '',
        ),
    ),
  }),

  'lease off': (): Ablation => ({
    sql: 'drop index cafe24.ux_token_attempts_lease',
    database: rewritten((text) =>
      text.replace('on conflict (mall_id, grant_type) where finished_at is null do nothing', ''),
    ),
  }),

  'escrow off': (): Ablation => ({
    escrow: () => ({
      put: () => Promise.reject(new DependencyUnavailableError('no-escrow', 'There is none.')),
      read: () => Promise.resolve(undefined),
      delete: () => Promise.resolve(),
      list: () => Promise.resolve([]),
    }),
  }),

  'intent off': (): Ablation => ({ database: withoutIntent }),

  'begin as one statement': (): Ablation => ({ database: withStaleSnapshot }),

  'escrow read after closing': (): Ablation => {
    const closed = new Set<string>();
    return {
      escrow: (escrow) => ({
        ...escrow,
        read: (id) => (closed.has(id) ? escrow.read(id) : Promise.resolve(undefined)),
      }),
      attempts: (attempts, { escrow, tokens }) => ({
        ...attempts,
        close: async (id: string, closure: Parameters<typeof attempts.close>[1]) => {
          const finished = await attempts.close(id, closure);
          if (closure.outcome !== 'abandoned') return finished;
          closed.add(id);
          const found = (await escrow.list()).find(({ attempt }) => attempt.attemptId === id);
          if (found === undefined) return finished;
          const { attempt, save } = found;
          if (attempt.grantType === 'password') throw new Error('Cafe24 has no such grant');
          const installed = await tokens[attempt.grantType].commit(attempt, save, false);
          await escrow.delete(id);
          return installed;
        },
      }),
    };
  },
} as const;

export type AblationName = keyof typeof ABLATIONS;

const TAKE_REFRESH_LEASE = "'refresh_token', cafe24.clock()";

/** Statements take sets; a process of this suite has one record. */
const onlyOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
const StaleRow = z.object({ version: z.int(), refresh_token: z.string() });

/** The row is read with a snapshot from before the lease, as one statement would. */
function withStaleSnapshot(database: Database): Database {
  return {
    ...database,
    transaction: (work) =>
      database.transaction(async (run) => {
        let stale: z.infer<typeof StaleRow> | undefined;
        return await work((async (statement: AnyStatement) => {
          if (statement.text.includes(TAKE_REFRESH_LEASE)) {
            const text = `/* stale read */
              select version::int, refresh_token from cafe24.oauth_tokens where mall_id = $1`;
            [stale] = await run({ text, values: [onlyOf(statement.values[1])], row: StaleRow });
          }
          if (stale === undefined) return await run(statement);
          const { version, refresh_token: token } = stale;
          const text = statement.text
            .replace(
              'token.version, token.refresh_token',
              `${version}::bigint as version, '${token}'::text as refresh_token`,
            )
            .replace('token.version > wanted.version', `${version} > wanted.version`);
          return await run({ ...statement, text });
        }) as Run);
      }),
  };
}

class Undone extends Error {}

const Begun = z.tuple([
  z.object({
    kind: z.literal('begun'),
    attempt: z.object({
      attemptId: z.string(),
      subject: z.string(),
      grantType: z.string(),
      baseVersion: z.int(),
    }),
  }),
]);

/** Begin leaves no row; the attempt is written only when it ends. */
function withoutIntent(database: Database): Database {
  const intents = new Map<unknown, readonly unknown[]>();
  const late = (run: Run) =>
    (async (statement: AnyStatement) => {
      const intent = intents.get(onlyOf(statement.values[0]));
      if (intent !== undefined && !statement.text.includes('insert into cafe24.token_attempts')) {
        await run({ text: BEGIN_LATE, values: intent, row: z.unknown() });
      }
      return await run(statement);
    }) as Run;
  return {
    ...database,
    run: late((statement) => database.run(statement)),
    runFresh: late((statement) => database.runFresh(statement)),
    transaction: async (work) => {
      const kept: { result?: Awaited<ReturnType<typeof work>> } = {};
      let codeId: unknown;
      try {
        return await database.transaction(async (run) => {
          const result = await work(((statement: AnyStatement) => {
            if (statement.text.includes("'authorization_code', code.id")) {
              codeId = onlyOf(statement.values[1]);
            }
            return run(statement);
          }) as Run);
          const begun = Begun.safeParse(result);
          if (!begun.success) return result;
          const { attemptId, subject, grantType, baseVersion } = begun.data[0].attempt;
          intents.set(attemptId, [attemptId, subject, grantType, baseVersion, codeId ?? null]);
          kept.result = result;
          throw new Undone();
        });
      } catch (error) {
        if (error instanceof Undone) return kept.result!;
        throw error;
      }
    },
  };
}

const BEGIN_LATE = `/* begin late */
  insert into cafe24.token_attempts
         (attempt_id, mall_id, grant_type, base_version, code_id, started_at, lease_until)
  values ($1, $2, $3, $4, $5, cafe24.clock(), cafe24.clock() + interval '1 second')
  on conflict do nothing`;
