import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** A run waits for its database as long as it works itself. */
const WORKERS_PER_CORE = 2;

export const USAGE = `npm run test:crash -- [--seed S] [--runs N] [--workers W] [--json]
                         [--hungry STEP,…] [--ablation NAME]

Stops the grant protocol at every step, in N seeded runs from seed S on (default: any seed, 10000).
Prints what it stopped, which grants were at risk, and every violation; exit code 1 on a violation.

A failed run repeats from its seed and its hungry steps, which are printed beside it: steps that
were stopped too rarely in the runs before, at which the run is likelier to stop. Its own line says
how: npm run test:crash -- --seed S --runs 1 --hungry refresh/mark,warn/mark-due
One run prints its trace. The server's locks decide a little: repeat a seed that does not fail again.

  --workers W      processes that run seeds side by side (default: twice the processors)
  --hungry STEPS   fixes the hungry steps; without it they follow from the runs before
  --ablation NAME  takes out a rule of the protocol, by its name in ablations.ts or faults.ts, and
                   stops at the first violation
  --json           the figures as JSON`;

export interface Options {
  readonly seed: number;
  readonly runs: number;
  readonly workers: number;
  readonly ablation: string | undefined;
  readonly hungry: readonly string[] | undefined;
  readonly wantsJson: boolean;
  readonly wantsHelp: boolean;
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      runs: { type: 'string', default: '10000' },
      workers: { type: 'string', default: String(WORKERS_PER_CORE * availableParallelism()) },
      ablation: { type: 'string' },
      hungry: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    seed: Number(values.seed),
    runs: Number(values.runs),
    workers: Number(values.workers),
    ablation: values.ablation,
    hungry: values.hungry?.split(',').filter((step) => step !== ''),
    wantsJson: values.json,
    wantsHelp: values.help,
  };
}
