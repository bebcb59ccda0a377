import type { Database } from '#shared/postgres/database.ts';
import { atTime } from './crash-database.ts';
import type { Call, Line } from '../line.ts';
import { nameOfStatement } from './steps.ts';

type AnyStatement = Parameters<Database['run']>[0];
type Watch = (statement: AnyStatement, rows: readonly unknown[]) => void;

/**
 * A database each of whose calls is a step of the process: every statement, and of a transaction its
 * begin, each statement and its commit.
 *
 * @param watch told of every statement that the server has done, also if its answer is lost.
 */
export function steppedDatabase(real: Database, line: Line, watch: Watch): Database {
  const stepOf = (statement: AnyStatement, run: Database['run']): Call<unknown[]> => ({
    name: nameOfStatement(statement.text),
    place: 'database',
    perform: async () => {
      const text = atTime(line.process.world.scheduler.nowMs, statement.text);
      const rows = await run({ ...statement, text });
      watch(statement, rows);
      return rows;
    },
  });
  const alone = (run: Database['run']) =>
    ((statement: AnyStatement) => line.call(stepOf(statement, run))) as Database['run'];
  const inside = (run: Database['run']) =>
    ((statement: AnyStatement) =>
      line.call({ ...stepOf(statement, run), inTransaction: true })) as Database['run'];
  return {
    run: alone((statement) => real.run(statement)),
    runFresh: alone((statement) => real.runFresh(statement)),
    transaction: async (work) => {
      const begin = { name: 'transaction', place: 'database', inTransaction: true } as const;
      const atBegin = await line.before({ ...begin, perform: nothing });
      let atCommit: Awaited<ReturnType<Line['before']>> = 'pass';
      const commit = { name: 'commit', place: 'database', inTransaction: true } as const;
      const result = await line.perform({
        name: 'commit',
        place: 'database',
        perform: () =>
          real.transaction(async (run) => {
            await line.after({ ...begin, perform: nothing }, atBegin);
            const decided = await work(inside(run));
            atCommit = await line.before({ ...commit, perform: nothing });
            return decided;
          }),
      });
      await line.after({ ...commit, perform: nothing }, atCommit);
      return result;
    },
    end: () => Promise.resolve(),
  };
}

const nothing = () => Promise.resolve();
