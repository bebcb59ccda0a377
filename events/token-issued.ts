import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { MallId } from './mall-id.ts';
import { Metadata } from './metadata.ts';

/** A grant was obtained anew and is stored. Names no secret: readers fetch the token themselves. */
export const TokenIssued = defineEvent(
  'TokenIssued',
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
export type TokenIssued = z.infer<typeof TokenIssued.schema>;
