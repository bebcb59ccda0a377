import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FULL_RUN, LEAST_STOPS } from './coverage.ts';
import { FLOW_NAMES, type FlowName } from './flow.ts';

/** A run waits for its database as long as it works itself. */
const WORKERS_PER_CORE = 2;

/** Within so many runs each rule that is taken out must be noticed. */
export const MOST_ABLATED_RUNS = 1_000;

export const USAGE = `npm run test:crash -- [--flow cafe24|claroshop] [--seed S] [--runs N] [--minutes M] [--workers W]
                         [--stores memory|dynamodb] [--hungry STEP,…] [--ablation NAME] [--json]
       npm run test:crash -- --ablations [--flow …] [--seed S] [--minutes M] [--workers W]

Stops the functions of each flow at every step, in N seeded runs from seed S on (default: both flows,
any seed, 10000). Prints for each flow what it stopped, which grants were at risk, and every
violation; exit code 1 on a violation, and, from ${String(FULL_RUN)} runs on, if a step was stopped fewer than ${String(LEAST_STOPS)}
times.

A failed run repeats from its seed and its hungry steps, which are printed beside it: steps that
were stopped too rarely in the runs before, at which the run is likelier to stop. Its own line says
how: npm run test:crash -- --flow cafe24 --seed S --runs 1 --hungry refresh/mark,warn/mark-due
One run prints its trace. The server's locks decide a little: repeat a seed of cafe24 that does not
fail again.

  --flow FLOW      cafe24 (on a real Postgres), or claroshop
  --stores KIND    where claroshop keeps attempts and escrow: memory (in-memory stores, which the
                   contract suites hold to the real ones; a step is a call of a port), or dynamodb
                   (the real adapters on DynamoDB Local; a step is one of their requests)
  --minutes M      begins no run of a flow after so long, and reports on those that there were
  --workers W      processes that run seeds side by side (default: twice the processors)
  --hungry STEPS   fixes the hungry steps; without it they follow from the runs before
  --ablation NAME  takes out a rule of the protocol, by its name in the flow's ablations.ts or
                   faults.ts, and stops at the first violation
  --ablations      takes out each rule in turn, in ordinary weather from seed S on, until the judge says
                   what it has to say of it, or ${String(MOST_ABLATED_RUNS)} runs are over (or M minutes): exit code 1
  --json           the figures as JSON, by flow`;

export interface Options {
  /** Undefined: all of them. */
  readonly flow: FlowName | undefined;
  readonly stores: 'memory' | 'dynamodb';
  readonly seed: number;
  readonly runs: number;
  readonly workers: number;
  readonly minutes: number;
  readonly ablation: string | undefined;
  readonly wantsAblations: boolean;
  readonly hungry: readonly string[] | undefined;
  readonly wantsJson: boolean;
  readonly wantsHelp: boolean;
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      flow: { type: 'string' },
      stores: { type: 'string', default: 'memory' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      runs: { type: 'string', default: '10000' },
      workers: { type: 'string', default: String(WORKERS_PER_CORE * availableParallelism()) },
      minutes: { type: 'string', default: 'Infinity' },
      ablation: { type: 'string' },
      ablations: { type: 'boolean', default: false },
      hungry: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    flow: z.enum(FLOW_NAMES).optional().parse(values.flow),
    stores: z.enum(['memory', 'dynamodb']).parse(values.stores),
    seed: Number(values.seed),
    runs: Number(values.runs),
    workers: Number(values.workers),
    minutes: Number(values.minutes),
    ablation: values.ablation,
    wantsAblations: values.ablations,
    hungry: values.hungry?.split(',').filter((step) => step !== ''),
    wantsJson: values.json,
    wantsHelp: values.help,
  };
}
