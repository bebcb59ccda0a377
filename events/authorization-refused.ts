import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { MallId } from './mall-id.ts';
import { MetadataField } from './metadata.ts';

/** Text without `"` and `\` (RFC 6749, section 4.1.2.1, read 2026-11); the length is ours. */
export const AuthorizationErrorCode = z
  .string()
  .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'expected an error code of OAuth');

/**
 * A mall's admin, or the provider, has answered our request for an authorization with no. A grant
 * that the mall has stays as it is.
 */
export const AuthorizationRefused = defineEvent(
  'AuthorizationRefused',
  z.object({
    provider: z.literal('cafe24'),
    mallId: MallId,
    /** As the provider says it: `access_denied` is the admin, the others are about our request. */
    error: AuthorizationErrorCode,
    metadata: MetadataField,
  }),
);
export type AuthorizationRefused = z.infer<typeof AuthorizationRefused.schema>;
