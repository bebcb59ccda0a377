import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { MallId } from './mall-id.ts';
import { Metadata } from './metadata.ts';

/** A refresh brought no grant; the grant may well live, and the refresh is tried again. */
export const TokenRefreshFailed = defineEvent(
  'TokenRefreshFailed',
  z.object({
    provider: z.literal('cafe24'),
    mallId: MallId,
    /** Version of the row that stayed. */
    version: z.int().nonnegative(),
    /** A word, e.g. `timeout`, `status-503`, `not-connected`. */
    reason: z.string(),
    attemptId: z.uuid(),
    metadata: Metadata.optional(),
  }),
);
export type TokenRefreshFailed = z.infer<typeof TokenRefreshFailed.schema>;
