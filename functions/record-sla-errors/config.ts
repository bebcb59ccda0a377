import { z } from 'zod';
import { Present } from '#shared/config.ts';
import { TableName } from '#shared/dynamodb/config.ts';
import { TimeZone } from '#shared/sla/config.ts';

export const Config = z.object({
  BUS_NAME: Present,
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  FILE_SLA_ERRORS_TABLE: TableName,
  SLA_TIME_ZONE: TimeZone,
});
export type Config = z.infer<typeof Config>;
