// `npm run sql -- "<statement>" [--json]`: runs SQL on the database of the local AWS that runs.
import { parseArgs } from 'node:util';
import pg from 'pg';
import { requireRunningLocalAws } from './require-running.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const [statement] = positionals;
if (statement === undefined) {
  console.error('Usage: npm run sql -- "select * from cafe24.oauth_tokens" [--json]');
  process.exit(2);
}
const { postgres } = await requireRunningLocalAws();
const client = new pg.Client(postgres);
await client.connect();
try {
  const { rows } = await client.query<Record<string, unknown>>(statement);
  if (values.json) console.log(JSON.stringify(rows));
  else console.table(rows);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.end();
}
