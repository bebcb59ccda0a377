import { z } from 'zod';
import { tokenVariables } from '#shared/cognito/config.ts';
import { wholeNumber } from '#shared/config.ts';
import { TableName } from '#shared/dynamodb/config.ts';

export const Config = z.object({
  ...tokenVariables,
  FILE_SLA_ERRORS_TABLE: TableName,
  /** The index with the keys AffectedDay and AffectedDate. */
  AFFECTED_DATE_INDEX: TableName,
  /** The index with the keys Folder and AffectedDate. */
  FOLDER_INDEX: TableName,
  /** What was reported within it is still stuck: senders repeat themselves every 10 to 60 minutes. */
  SLA_OPEN_MINUTES: wholeNumber('a number of minutes'),
});
export type Config = z.infer<typeof Config>;
