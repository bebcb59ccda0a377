import { z } from 'zod';
import { DependencyUnavailableError } from '#shared/errors.ts';
import type { Database } from '#shared/postgres/database.ts';
import { givingUp } from '../giving-up.ts';
import type { Ablation } from './ablation.ts';
import { replacing, search, type AnyStatement, type Run } from './rewriting.ts';
import type { ViolationKind } from './violations.ts';

/** A rule that is taken out, with what the judge says of it. */
export interface RuleTakenOut extends Ablation {
  readonly kinds: readonly ViolationKind[];
}

/**
 * Rules of the protocol, each taken out from outside: the suite is worth something only if it
 * notices. Each run has one of its own, since it knows what it has not found yet.
 */
export const ABLATIONS = {
  'fence off': (): RuleTakenOut => ({
    kinds: ['grant-lost'],
    ...replacing({
      'and stored.version = attempt.base_version': '',
      'where stored.exchange_no is null or stored.exchange_no < excluded.exchange_no': '',
    }),
  }),

  'lease off': (): RuleTakenOut => ({
    kinds: ['double-redeem'],
    sql: 'drop index cafe24.ux_token_attempts_lease',
    ...replacing({
      'on conflict (mall_id, grant_type) where finished_at is null do nothing': '',
    }),
  }),

  'escrow off': (): RuleTakenOut => ({
    kinds: ['grant-lost'],
    escrow: () => ({
      put: () => Promise.reject(new DependencyUnavailableError('no-escrow', 'There is none.')),
      read: () => Promise.resolve(undefined),
      delete: () => Promise.resolve(),
      list: () => Promise.resolve([]),
    }),
  }),

  'saver gives up early': (): RuleTakenOut => ({ kinds: ['grant-lost'], ...givingUp() }),

  'intent off': (): RuleTakenOut => {
    const { isIn, unfound } = search([TAKE_CODE_LEASE]);
    const kinds = ['grant-lost', 'double-redeem'] as const;
    return { kinds, unfound, database: (it) => withoutIntent(it, isIn) };
  },

  'begin as one statement': (): RuleTakenOut => {
    const { isIn, unfound } = search([TAKE_REFRESH_LEASE, ROW, IS_NEWER]);
    return { kinds: ['grant-lost'], unfound, database: (it) => withStaleSnapshot(it, isIn) };
  },

  'escrow read after closing': (): RuleTakenOut => {
    const closed = new Set<string>();
    return {
      kinds: ['grant-lost'],
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

type IsIn = (text: string, words: string) => boolean;

const TAKE_REFRESH_LEASE = "'refresh_token', cafe24.clock()";
const ROW = 'token.version, token.refresh_token';
const IS_NEWER = 'token.version > wanted.version';
const TAKE_CODE_LEASE = "'authorization_code', code.id";
const INSERT_ATTEMPT = 'insert into cafe24.token_attempts';

/** Statements take sets; a process of this suite has one record. */
const onlyOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
const StaleRow = z.object({ version: z.int(), refresh_token: z.string() });

/** The row is read with a snapshot from before the lease, as one statement would. */
function withStaleSnapshot(database: Database, isIn: IsIn): Database {
  return {
    ...database,
    transaction: (work) =>
      database.transaction(async (run) => {
        let stale: z.infer<typeof StaleRow> | undefined;
        return await work((async (statement: AnyStatement) => {
          if (isIn(statement.text, TAKE_REFRESH_LEASE)) {
            const text = `/* stale read */
              select version::int, refresh_token from cafe24.oauth_tokens where mall_id = $1`;
            [stale] = await run({ text, values: [onlyOf(statement.values[1])], row: StaleRow });
          }
          if (stale === undefined) return await run(statement);
          const { version, refresh_token: token } = stale;
          const others = {
            [ROW]: `${version}::bigint as version, '${token}'::text as refresh_token`,
            [IS_NEWER]: `${version} > wanted.version`,
          };
          const text = Object.entries(others).reduce(
            (changed, [words, stale]) =>
              isIn(changed, words) ? changed.replace(words, stale) : changed,
            statement.text,
          );
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
function withoutIntent(database: Database, isIn: IsIn): Database {
  const intents = new Map<unknown, readonly unknown[]>();
  const late = (run: Run) =>
    (async (statement: AnyStatement) => {
      const intent = intents.get(onlyOf(statement.values[0]));
      if (intent !== undefined && !statement.text.includes(INSERT_ATTEMPT)) {
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
            if (isIn(statement.text, TAKE_CODE_LEASE)) {
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
