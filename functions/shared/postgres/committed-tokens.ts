import type { Cafe24Grant } from '../cafe24/grant.ts';
import { grantInOwnWords } from '../cafe24/own-words.ts';
import type { Attempt, FinishedAttempt, GrantToSave, Tokens } from '../grants/ports.ts';
import { COMMIT_MS } from '../grants/timing.ts';
import type { Database } from './database.ts';
import { endsOf, FinishedRow, theEndOf } from './finished-attempts.ts';
import { gatherBesideOthers, gathered, WITHOUT_THE_REFUSED, type Gather } from './gathered.ts';
import { unlessRefused } from './unless-refused.ts';

/** One grant on its way into the table. */
interface Commit {
  readonly attempt: Attempt;
  readonly save: GrantToSave<Cafe24Grant>;
}

/**
 * Tokens that a statement stores. A commit waits for nobody, but beside another those that are ready
 * within 2 ms share one; a fresh one has its statement, and its connection, for itself. A shared one
 * takes COMMIT_MS at most, and as much again only where a row was refused and the others are
 * repeated without it: whatever else fails, the fresh commits that follow are the repetition.
 *
 * A grant with a text that Postgres will never take is stored without it, see {@link grantInOwnWords};
 * one whose tokens are such a text is refused, and never stored changed.
 *
 * @param toStatement given the query `wanted`, which has a row for each commit: `attempt_id`, the
 *   columns of the grant, `event`.
 */
export function committedTokens(
  database: Database,
  toStatement: (wanted: string) => string,
  gather: Gather = gatherBesideOthers,
): Tokens<Cafe24Grant> {
  const text = toStatement(WANTED);
  const commitOn =
    (run: Database['run']) =>
    async (commits: readonly Commit[]): Promise<readonly (FinishedAttempt | Error)[]> => {
      const rows = await run({ text, values: commitValues(commits), row: FinishedRow });
      const attemptIds = commits.map(({ attempt }) => attempt.attemptId);
      // Without a row an earlier try of the commit was applied, and only its answer got lost. This
      // look may take as long as a commit: what it is about is stored, so no escrow waits for it.
      return await endsOf(run, attemptIds, rows);
    };
  const commit = gathered(
    commitOn((statement) => database.run(statement)),
    gather,
    WITHOUT_THE_REFUSED,
  );
  const commitFresh = async (only: Commit, endMs: number) => {
    const withinMs = endMs - performance.now();
    const store = commitOn((statement) => database.runFresh({ ...statement, withinMs }));
    return theEndOf(await store([only]));
  };
  return {
    async commit(attempt, save, fresh) {
      // Both writes together: the time that a second one would take is the escrow's.
      const endMs = performance.now() + COMMIT_MS;
      const store = (only: Commit) => (fresh ? commitFresh(only, endMs) : commit(only));
      return await unlessRefused(
        () => store({ attempt, save }),
        () => store({ attempt, save: grantInOwnWords(save, attempt.attemptId) }),
      );
    },
  };
}

/** Two commits of one attempt (who settles it twice at once) are one: a row can change only once. */
const WANTED = `wanted as (
    select distinct on (attempt_id) attempt_id, access_token, expires_at, refresh_token,
           refresh_token_expires_at, client_id, user_id,
           array(select jsonb_array_elements_text(scopes)) as scopes, token_type, issued_at, event
      from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[],
                  $6::text[], $7::text[], $8::jsonb[], $9::text[], $10::timestamptz[],
                  $11::jsonb[])
             as grants (attempt_id, access_token, expires_at, refresh_token,
                        refresh_token_expires_at, client_id, user_id, scopes, token_type,
                        issued_at, event))`;

function commitValues(commits: readonly Commit[]): readonly (readonly unknown[])[] {
  const column = (valueOf: (grant: Cafe24Grant) => unknown) =>
    commits.map(({ save }) => valueOf(save.grant));
  return [
    commits.map(({ attempt }) => attempt.attemptId),
    column(({ accessToken }) => accessToken),
    column(({ expiresAt }) => expiresAt.toISOString()),
    column(({ refreshToken }) => refreshToken),
    column(({ refreshTokenExpiresAt }) => refreshTokenExpiresAt.toISOString()),
    column(({ clientId }) => clientId),
    column(({ userId }) => userId),
    column(({ scopes }) => JSON.stringify(scopes)),
    column(({ tokenType }) => tokenType),
    column(({ issuedAt }) => issuedAt.toISOString()),
    commits.map(({ save }) => JSON.stringify(save.event)),
  ];
}
