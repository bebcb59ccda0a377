import { z } from 'zod';
import { ABLATIONS, type AblationName } from './ablations.ts';
import { createCrashDatabase } from './crash-database.ts';
import { FAULTS } from './faults.ts';
import type { Ablation } from './pipeline.ts';
import { summarise } from './suite.ts';

const Run = z.object({
  seed: z.int(),
  keepTrace: z.boolean(),
  hungry: z.array(z.string()),
});

/** What the parent sends: where the database server is, then one run after another. */
const Job = z.union([
  z.object({
    address: z.object({
      host: z.string(),
      port: z.int(),
      user: z.string(),
      password: z.string(),
      database: z.string(),
    }),
    ablation: z.enum([...Object.keys(ABLATIONS), ...Object.keys(FAULTS)]).optional(),
  }),
  Run,
]);

let database: ReturnType<typeof createCrashDatabase> | undefined;
let ablation: Ablation = {};

process.on('message', (message) => {
  const job = Job.parse(message);
  if ('address' in job) {
    ablation = ablationOf(job.ablation);
    database = createCrashDatabase(job.address, ablation.sql);
  } else void run(job);
});
process.on('disconnect', () => process.exit());

function ablationOf(name: string | undefined): Ablation {
  if (name === undefined) return {};
  return FAULTS[name] ?? ABLATIONS[name as AblationName]();
}

async function run({ seed, ...how }: z.output<typeof Run>): Promise<void> {
  if (database === undefined) throw new Error('The address comes first.');
  process.send?.(await summarise(seed, { database: await database, ablation, ...how }));
}
