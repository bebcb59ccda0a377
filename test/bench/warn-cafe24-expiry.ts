// `npm run bench:sweep [-- --json]`: the sweep for due malls, on the Postgres of the running local AWS.
import { requireRunningLocalAws } from '#infra/local/require-running.ts';
import { measureSweep } from './measure-sweep.ts';

const { postgres } = await requireRunningLocalAws();
const { figures, plan } = await measureSweep(postgres);
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ figures, plan }));
} else {
  console.log('The sweep over 100,000 malls, 2 % of them due');
  console.table(figures);
  console.log(plan);
}
