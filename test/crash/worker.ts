import { z } from 'zod';
import { cafe24Driver } from './cafe24/driver.ts';
import { claroshopDriver } from './claroshop/driver.ts';
import type { Driver } from './flow.ts';
import { summariseRun } from './suite.ts';

/** What the parent sends first: which flow, and where its stores are. */
const Setting = z.discriminatedUnion('flow', [
  z.object({
    flow: z.literal('cafe24'),
    address: z.object({
      host: z.string(),
      port: z.int(),
      user: z.string(),
      password: z.string(),
      database: z.string(),
    }),
    ablation: z.string().optional(),
  }),
  z.object({
    flow: z.literal('claroshop'),
    /** Of DynamoDB Local; without it the stores are in memory. */
    dynamoDbUrl: z.url().optional(),
    ablation: z.string().optional(),
  }),
]);
export type Setting = z.infer<typeof Setting>;

/** Then one run after another. */
const Job = z.object({ seed: z.int(), keepTrace: z.boolean(), hungry: z.array(z.string()) });
export type Job = z.infer<typeof Job>;

let driver: Promise<Driver> | undefined;

process.on('message', (message) => {
  if (driver === undefined) driver = open(Setting.parse(message));
  else void run(Job.parse(message), driver);
});
process.on('disconnect', () => process.exit());

function open(setting: Setting): Promise<Driver> {
  return setting.flow === 'cafe24' ? cafe24Driver(setting) : claroshopDriver(setting);
}

async function run({ seed, ...how }: Job, driver: Promise<Driver>): Promise<void> {
  process.send?.(await summariseRun(seed, await driver, how));
}
