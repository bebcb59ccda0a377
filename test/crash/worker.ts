import { z } from 'zod';
import { ABLATIONS, type AblationName } from './ablations.ts';
import { createCrashDatabase } from './crash-database.ts';
import type { Ablation } from './pipeline.ts';
import { summarise } from './suite.ts';

/** What the parent sends: where the database server is, then one seed after another. */
const Job = z.union([
  z.object({
    address: z.object({
      host: z.string(),
      port: z.int(),
      user: z.string(),
      password: z.string(),
      database: z.string(),
    }),
    ablation: z.enum(Object.keys(ABLATIONS) as [AblationName]).optional(),
  }),
  z.object({ seed: z.int(), keepTrace: z.boolean() }),
]);

let database: ReturnType<typeof createCrashDatabase> | undefined;
let ablation: Ablation = {};

process.on('message', (message) => {
  const job = Job.parse(message);
  if ('address' in job) {
    ablation = job.ablation === undefined ? {} : ABLATIONS[job.ablation]();
    database = createCrashDatabase(job.address, ablation.sql);
  } else void run(job.seed, job.keepTrace);
});
process.on('disconnect', () => process.exit());

async function run(seed: number, keepTrace: boolean): Promise<void> {
  if (database === undefined) throw new Error('The address comes first.');
  process.send?.(await summarise(seed, { database: await database, ablation, keepTrace }));
}
