import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { deadlineOf } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { powertoolsLog } from '#shared/log.ts';
import { backfillSlaErrors, type Backfilled } from './backfill-sla-errors.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { settings } from './settings.ts';

/** A schedule's event, or what an operator invokes it with; without a payload that is null. */
const Wish = z.object({
  again: z.boolean().default(false),
  /** The deploy asks so, before anything is put to work on the table. */
  check: z.boolean().default(false),
});

const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = (event: unknown, context: Context): Promise<Backfilled> =>
  backfillSlaErrors({ ...Wish.parse(event ?? {}), deadline: deadlineOf(context) }, dependencies);
