import type { Database } from '#shared/postgres/database.ts';

export type Run = Database['run'];
export type AnyStatement = Parameters<Run>[0];

/** A database whose every way to run a statement is changed alike. */
function throughout(database: Database, change: (run: Run) => Run): Database {
  return {
    ...database,
    run: change((statement) => database.run(statement)),
    runFresh: change((statement) => database.runFresh(statement)),
    transaction: (work) => database.transaction((run) => work(change(run))),
  };
}

/** Texts that `rewrite` does not find are run as they are. */
export function rewritten(rewrite: (text: string) => string) {
  return (database: Database): Database =>
    throughout(
      database,
      (run) =>
        ((statement: AnyStatement) => run({ ...statement, text: rewrite(statement.text) })) as Run,
    );
}

/** Statements that hold the words fail with what `failure` makes, and are never sent. */
export function failing(words: string, failure: () => Error) {
  return (database: Database): Database =>
    throughout(
      database,
      (run) =>
        ((statement: AnyStatement) =>
          statement.text.includes(words) ? Promise.reject(failure()) : run(statement)) as Run,
    );
}
