import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { MallId } from './mall-id.ts';
import { MetadataField } from './metadata.ts';

/**
 * A mall has no living grant and only its admin can give one. Withdrawn by any outcome of a higher
 * version.
 */
export const ReauthorizationRequired = defineEvent(
  'ReauthorizationRequired',
  z.object({
    provider: z.literal('cafe24'),
    mallId: MallId,
    /** Version of the row that died; 0 where there never was one. */
    version: z.int().nonnegative(),
    /**
     * `code-unknown`: the provider's answer never came, so the code may have been spent.
     * `rotation-lost`: an earlier refresh may have rotated the grant, and its answer never came.
     */
    reason: z.enum([
      'code-expired',
      'code-rejected',
      'code-unknown',
      'grant-revoked',
      'rotation-lost',
    ]),
    attemptId: z.uuid(),
    metadata: MetadataField,
  }),
);
export type ReauthorizationRequired = z.infer<typeof ReauthorizationRequired.schema>;
