import { z } from 'zod';
import { tokenVariables } from '#shared/cognito/config.ts';
import { Present } from '#shared/config.ts';
import { TimeZone } from '#shared/sla/config.ts';

export const Config = z.object({
  ...tokenVariables,
  BUS_NAME: Present,
  SLA_TIME_ZONE: TimeZone,
});
export type Config = z.infer<typeof Config>;
