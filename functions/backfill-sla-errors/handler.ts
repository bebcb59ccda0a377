import { z } from 'zod';
import { deadlineOf } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { InvalidMessageError } from '#shared/errors.ts';
import { invokedHandler } from '#shared/invoked-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { backfillSlaErrors } from './backfill-sla-errors.ts';
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

export const handler = invokedHandler(log, async (event, context) => {
  const { data: wish } = Wish.safeParse(event ?? {});
  if (wish === undefined) {
    throw new InvalidMessageError('expected {}, {"again": true} or {"check": true}');
  }
  return await backfillSlaErrors({ ...wish, deadline: deadlineOf(context) }, dependencies);
});
