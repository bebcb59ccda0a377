import type { Database } from '#shared/postgres/database.ts';

export type Run = Database['run'];
export type AnyStatement = Parameters<Run>[0];

/** A rewriting of statements that knows what it has not found yet. */
interface Rewriting {
  readonly database: (database: Database) => Database;
  readonly unfound: () => readonly string[];
}

/** A database whose every way to run a statement is changed alike. */
function throughout(database: Database, change: (run: Run) => Run): Database {
  return {
    ...database,
    run: change((statement) => database.run(statement)),
    runFresh: change((statement) => database.runFresh(statement)),
    transaction: (work) => database.transaction((run) => work(change(run))),
  };
}

/** Which of some words have been found in a text. */
export function search(words: readonly string[]) {
  const missing = new Set(words);
  return {
    isIn: (text: string, word: string): boolean => {
      const isFound = text.includes(word);
      if (isFound) missing.delete(word);
      return isFound;
    },
    unfound: () => [...missing],
  };
}

/**
 * Every statement with these words gets others in their place.
 *
 * @param replacements by the words that are replaced; with `where`, only in statements with those too.
 */
export function replacing(replacements: Readonly<Record<string, string>>, where = ''): Rewriting {
  const { isIn, unfound } = search(Object.keys(replacements));
  const rewrite = (text: string) =>
    text.includes(where)
      ? Object.entries(replacements).reduce(
          (changed, [words, others]) =>
            isIn(changed, words) ? changed.replace(words, others) : changed,
          text,
        )
      : text;
  return {
    unfound,
    database: (database) =>
      throughout(
        database,
        (run) =>
          ((statement: AnyStatement) =>
            run({ ...statement, text: rewrite(statement.text) })) as Run,
      ),
  };
}

/** Statements that hold the words fail with what `failure` makes, and are never sent. */
export function failing(words: string, failure: () => Error): Rewriting {
  const { isIn, unfound } = search([words]);
  return {
    unfound,
    database: (database) =>
      throughout(
        database,
        (run) =>
          ((statement: AnyStatement) =>
            isIn(statement.text, words) ? Promise.reject(failure()) : run(statement)) as Run,
      ),
  };
}
