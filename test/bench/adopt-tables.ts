// `npm run bench:adoption [-- --json]`: how long others wait while a million rows are adopted, on a
// Postgres of its own.
import path from 'node:path';
import { startPostgres } from '#infra/local/postgres.ts';
import { beginRun } from '#infra/local/run.ts';
import { measureAdoption } from './measure-adoption.ts';

const run = await beginRun('/nonexistent/record');
try {
  const postgres = await startPostgres(run, path.join(run.folder, 'postgres.log'));
  const figures = await measureAdoption(postgres);
  if (process.argv.includes('--json')) console.log(JSON.stringify({ figures }));
  else console.table(figures);
} finally {
  await run.end();
}
