import { z } from 'zod';
import { AccountField } from './account.ts';
import { defineEvent } from './define-event.ts';
import { MallId } from './mall-id.ts';
import { MetadataField } from './metadata.ts';
import { DescriptiveText } from './text.ts';

const shared = {
  /** Version of what stayed stored; 0 = nothing. */
  version: z.int().nonnegative(),
  /**
   * A word, e.g. `timeout`, `status-503`, `not-connected`. `credentials-refused`: ClaroShop refused
   * an account's user name and password, and nothing more is tried until they change.
   */
  reason: DescriptiveText,
  attemptId: z.uuid(),
  metadata: MetadataField,
};

/** A refresh brought no grant; the grant may well live, and the refresh is tried again. */
export const TokenRefreshFailed = defineEvent(
  'TokenRefreshFailed',
  z.discriminatedUnion('provider', [
    z.object({ provider: z.literal('cafe24'), mallId: MallId, ...shared }),
    z.object({ provider: z.literal('claroshop'), account: AccountField, ...shared }),
  ]),
);
export type TokenRefreshFailed = z.infer<typeof TokenRefreshFailed.schema>;
