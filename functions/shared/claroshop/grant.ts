import { z } from 'zod';

/**
 * What ClaroShop's token endpoint gave, with the times that follow from it. Also the form in which
 * it lies in escrow.
 */
export const ClaroshopGrant = z.object({
  accessToken: z.string(),
  /** Absent when the realm gives none: then the next attempt signs in by password. */
  refreshToken: z.string().optional(),
  tokenType: z.string(),
  /** Seconds from `obtainedAt`. */
  expiresIn: z.int(),
  /** Seconds from `obtainedAt`; 0 = no limit of its own, negative = already past. */
  refreshExpiresIn: z.int().optional(),
  scope: z.string().optional(),
  sessionState: z.string().optional(),
  notBeforePolicy: z.int().optional(),
  /** Our clock when the request began: nothing lives longer than we think. */
  obtainedAt: z.coerce.date(),
});
export type ClaroshopGrant = z.infer<typeof ClaroshopGrant>;

/** What is handed to ClaroShop's token endpoint. */
export type ClaroshopTicket =
  | { readonly grantType: 'refresh_token'; readonly refreshToken: string }
  | { readonly grantType: 'password'; readonly username: string; readonly password: string };
