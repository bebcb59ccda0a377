// `npm run bench:refresh [-- --json]`: one worker against a provider that answers after 100 ms, on the
// Postgres of the running local AWS.
import { requireRunningLocalAws } from '#infra/local/require-running.ts';
import { measureRefreshing } from './measure-refreshing.ts';

const { postgres } = await requireRunningLocalAws();
const figures = await measureRefreshing(postgres);
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(figures));
} else {
  console.log('Refreshes of one worker, batches of ten, a provider that answers after 100 ms');
  console.table(figures);
}
