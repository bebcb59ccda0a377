import { z } from 'zod';

/** A time in a grant's JSON form. */
const JsonTime = z.iso.datetime().transform((text) => new Date(text));

/**
 * What Cafe24 issues: the columns of `cafe24.oauth_tokens` that a grant fills. The schema reads the
 * JSON form, as it lies in escrow.
 */
export const Cafe24Grant = z.object({
  accessToken: z.string(),
  expiresAt: JsonTime,
  refreshToken: z.string(),
  refreshTokenExpiresAt: JsonTime,
  clientId: z.string().optional(),
  mallId: z.string(),
  userId: z.string().optional(),
  scopes: z.array(z.string()),
  tokenType: z.string(),
  issuedAt: JsonTime,
});
export type Cafe24Grant = z.output<typeof Cafe24Grant>;
