import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { MallId } from './mall-id.ts';
import { Metadata } from './metadata.ts';

/** A grant was rotated and is stored. Withdraws a ReauthorizationRequired of a lower version. */
export const TokenRefreshed = defineEvent(
  'TokenRefreshed',
  z.object({
    provider: z.literal('cafe24'),
    mallId: MallId,
    /** Version of the stored row, rising by 1 with each stored grant. */
    version: z.int().positive(),
    expiresAt: z.iso.datetime(),
    refreshTokenExpiresAt: z.iso.datetime(),
    scopes: z.array(z.string()),
    attemptId: z.uuid(),
    metadata: Metadata.optional(),
  }),
);
export type TokenRefreshed = z.infer<typeof TokenRefreshed.schema>;
