import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { optional } from './fields.ts';
import { MallId } from './mall-id.ts';
import { MetadataField } from './metadata.ts';

const MAX_CODE_BYTES = 4096;
const ONE_OF_BOTH = 'expected exactly one of codeId and code';

const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Row id of `cafe24.oauth_authorization_codes`, a bigint, as a decimal string or a number. */
const CodeId = z.union(
  [
    z.int().positive().transform(String),
    z
      .string()
      .regex(/^[1-9][0-9]{0,18}$/, { abort: true })
      .refine((digits) => BigInt(digits) <= MAX_BIGINT),
  ],
  'expected the id of a stored code: a positive whole number, above 9007199254740991 as text',
);

export const AuthorizationCode = z
  .string()
  // RFC 6749, appendix A.11: a code is made of printable ASCII characters, so bytes = characters.
  .regex(/^[\x20-\x7e]+$/, 'expected an authorization code: printable ASCII, not empty')
  .max(MAX_CODE_BYTES, `expected an authorization code of at most ${String(MAX_CODE_BYTES)} bytes`);

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
      codeId: optional(CodeId),
      code: optional(AuthorizationCode),
      metadata: MetadataField,
    })
    .transform(({ codeId, code, ...rest }, context) => {
      if (codeId !== undefined && code === undefined) return { ...rest, codeId };
      if (code !== undefined && codeId === undefined) return { ...rest, code };
      context.addIssue({ code: 'custom', path: ['code'], message: ONE_OF_BOTH });
      return z.NEVER;
    }),
);
export type AuthorizationCodeArrived = z.infer<typeof AuthorizationCodeArrived.schema>;
