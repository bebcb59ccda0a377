import { matching } from '../config.ts';

/**
 * Name of a table, as DynamoDB's quotas have it (developer guide, read 2026-11). It becomes part of
 * PartiQL statements, so nothing else may pass.
 */
export const TableName = matching(
  /^[a-zA-Z0-9_.-]{3,255}$/,
  'expected a table name: 3 to 255 of a-z, A-Z, 0-9, _ . -',
);
