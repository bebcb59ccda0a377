import { z } from 'zod';
import { TableName } from '#shared/dynamodb/config.ts';
import { TimeZone } from '#shared/sla/config.ts';

export const Config = z.object({
  FILE_SLA_ERRORS_TABLE: TableName,
  /** The index with the keys AffectedDay and AffectedDate. */
  AFFECTED_DATE_INDEX: TableName,
  /** The index with the keys Folder and AffectedDate. */
  FOLDER_INDEX: TableName,
  /** Where it is kept how far the work has come. */
  PROGRESS_TABLE: TableName,
  SLA_TIME_ZONE: TimeZone,
});
export type Config = z.infer<typeof Config>;
