import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { MallId } from './mall-id.ts';
import { Metadata } from './metadata.ts';

const MAX_CODE_BYTES = 4096;

/** Row id of `cafe24.oauth_authorization_codes`, a bigint, as a decimal string or a number. */
const CodeId = z.union(
  [z.int().positive().transform(String), z.string().regex(/^[1-9][0-9]{0,17}$/)],
  'expected the id of a stored code: a positive whole number',
);

const Code = z
  .string()
  .min(1, 'expected an authorization code, got an empty string')
  .refine((code) => new TextEncoder().encode(code).length <= MAX_CODE_BYTES, {
    error: `expected an authorization code of at most ${String(MAX_CODE_BYTES)} bytes`,
  });

/**
 * A mall's admin has authorized the application: the code can be redeemed for 60 s.
 *
 * Either `codeId` (the code is stored already) or `code` (from publishers without access to the
 * database). A code in an event is the one secret that tokenline lets through.
 */
export const AuthorizationCodeArrived = defineEvent(
  'AuthorizationCodeArrived',
  z
    .object({
      mallId: MallId,
      codeId: CodeId.optional(),
      code: Code.optional(),
      metadata: Metadata.optional(),
    })
    .refine(({ codeId, code }) => (codeId === undefined) !== (code === undefined), {
      path: ['code'],
      error: 'expected exactly one of codeId and code',
    }),
);
export type AuthorizationCodeArrived = z.infer<typeof AuthorizationCodeArrived.schema>;
