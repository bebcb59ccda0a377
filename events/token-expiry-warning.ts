import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { MallId } from './mall-id.ts';
import { Metadata } from './metadata.ts';

/**
 * A grant needs a refresh: it comes near its end, or a client saw its access token refused.
 *
 * About one version: once a newer one is stored, the warning is overtaken.
 */
export const TokenExpiryWarning = defineEvent(
  'TokenExpiryWarning',
  z.object({
    provider: z.literal('cafe24'),
    mallId: MallId,
    version: z.int().positive(),
    /** `rejected`: a client got 401 with this version's access token. `retry`: a silent try. */
    reason: z.enum(['expiring', 'rejected', 'retry']),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
    metadata: Metadata.optional(),
  }),
);
export type TokenExpiryWarning = z.infer<typeof TokenExpiryWarning.schema>;
