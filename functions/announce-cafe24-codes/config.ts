import { z } from 'zod';
import { MallId } from '#events/mall-id.ts';
import { Cafe24Malls } from '#shared/cafe24/config.ts';
import { Present } from '#shared/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  BUS_NAME: Present,
  CAFE24_MALLS: Cafe24Malls,
  /** Whose newest code `{}` announces. */
  CAFE24_MALL_ID: MallId.optional(),
});
export type Config = z.infer<typeof Config>;
