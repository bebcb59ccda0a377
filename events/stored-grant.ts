import { z } from 'zod';
import { AccountField } from './account.ts';
import { MallId } from './mall-id.ts';
import { optional } from './fields.ts';
import { MetadataField } from './metadata.ts';
import { DescriptiveText } from './text.ts';

const shared = {
  expiresAt: z.iso.datetime(),
  scopes: z.array(DescriptiveText),
  attemptId: z.uuid(),
  metadata: MetadataField,
};

/** What the events say of a grant that is stored. No secret: readers fetch the token themselves. */
export const StoredGrant = z.discriminatedUnion('provider', [
  z.object({
    provider: z.literal('cafe24'),
    mallId: MallId,
    /** Version of the stored row, rising by 1 with each stored grant. */
    version: z.int().positive(),
    refreshTokenExpiresAt: z.iso.datetime(),
    ...shared,
  }),
  z.object({
    provider: z.literal('claroshop'),
    account: AccountField,
    /** SSM's version of the bundle, rising with each stored grant. */
    version: z.int().positive(),
    /** Absent when there is no refresh token, or one without an end of its own. */
    refreshTokenExpiresAt: optional(z.iso.datetime()),
    ...shared,
  }),
]);
