import type { Database } from '#shared/postgres/database.ts';

type AnyStatement = Parameters<Database['run']>[0];

/** What a database was asked to do, a transaction's begin and commit included. */
export interface CountedStatements {
  readonly database: Database;
  readonly texts: readonly string[];
  /** How many statements hold the words. */
  count(words: string): number;
}

export function countedStatements(real: Database): CountedStatements {
  const texts: string[] = [];
  const counted = (run: Database['run']) =>
    ((statement: AnyStatement) => {
      texts.push(statement.text);
      return run(statement);
    }) as Database['run'];
  return {
    database: {
      ...real,
      run: counted((statement) => real.run(statement)),
      runFresh: counted((statement) => real.runFresh(statement)),
      transaction: async (work) => {
        texts.push('begin');
        const result = await real.transaction((run) => work(counted(run)));
        texts.push('commit');
        return result;
      },
    },
    texts,
    count: (words) => texts.filter((text) => text.includes(words)).length,
  };
}
