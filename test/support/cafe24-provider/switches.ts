import { z } from 'zod';
import {
  defaultWireSwitches,
  nextRequests,
  WireSwitches,
} from '../scripted-provider/wire-switches.ts';

/** The fields that Cafe24 leaves out at times; give them to `omit`. */
export const sometimesAbsentFields = [
  'refresh_token_expires_at',
  'issued_at',
  'shop_no',
  'token_type',
] as const;

const grantFields = [
  ...sometimesAbsentFields,
  'access_token',
  'expires_at',
  'refresh_token',
  'client_id',
  'mall_id',
  'user_id',
  'scopes',
] as const;

const seconds = z.number().positive();

const Refusal = z.strictObject({
  status: z.union([z.literal(400), z.literal(401)]),
  error: z.enum(['invalid_grant', 'invalid_client', 'invalid_request']),
});

const Switches = WireSwitches.extend({
  codeSeconds: seconds,
  accessSeconds: seconds,
  refreshSeconds: seconds,

  /** A refresh token that comes again after its rotation revokes every token of its family. */
  reuseRevokesFamily: z.boolean(),
  /** A code that comes again revokes the tokens that it brought. */
  codeReuseRevokesIssued: z.boolean(),
  /** Redeeming a code revokes the mall's older families. */
  newAuthorizationRevokesOldFamilies: z.boolean(),
  /** How long a rotated refresh token is still taken. */
  graceSeconds: z.number().min(0),
  /** What it gets then: the successor it already has, or one more that lives beside it. */
  graceSuccessor: z.enum(['same', 'new']),

  /** How Cafe24 words it today that a refresh token is dead; every variant was seen. */
  deadRefreshToken: Refusal,
  /** The same of a code. */
  deadCode: Refusal,
  /** How it words a wrong client secret; the description is always "Invalid client_secret". */
  wrongSecret: Refusal,
  /** The mall's admin says no at the authorize page. */
  adminRefuses: z.boolean(),

  /** Left out of the answer; `refresh_token` is rotated all the same. */
  omit: z.array(z.enum(grantFields)),
  /** `compact`: with the offset `+0900`; epochs as numbers; `unreadable`: in words. */
  shownTimes: z.enum(['wall', 'compact', 'seconds', 'milliseconds', 'unreadable']),
  /** As a list, or as one text. */
  shownScopes: z.enum(['list', 'commas', 'blanks']),
  /** How `client_id` and `mall_id` are echoed. */
  shownIds: z.enum(['same', 'upper']),
  /** Added to every time that the answer shows; negative: times in the past. */
  shownTimeOffsetSeconds: z.number(),
});
export type Switches = z.output<typeof Switches>;

/**
 * What `configure` takes: any of the switches, for good or for the next token requests only.
 * An unknown switch or a wrong value is an error that names it.
 */
export const Configuration = Switches.partial().extend({ nextRequests });
export type Configuration = z.input<typeof Configuration>;

/** Cafe24 as its documents have it (read 2026-11): codes 1 minute, access 2 h, refresh 14 days. */
export const defaultSwitches: Switches = {
  ...defaultWireSwitches,
  codeSeconds: 60,
  accessSeconds: 2 * 3600,
  refreshSeconds: 14 * 24 * 3600,
  reuseRevokesFamily: false,
  codeReuseRevokesIssued: false,
  newAuthorizationRevokesOldFamilies: false,
  graceSeconds: 0,
  graceSuccessor: 'same',
  deadRefreshToken: { status: 400, error: 'invalid_grant' },
  deadCode: { status: 400, error: 'invalid_grant' },
  wrongSecret: { status: 401, error: 'invalid_grant' },
  adminRefuses: false,
  omit: [],
  shownTimes: 'wall',
  shownScopes: 'list',
  shownIds: 'same',
  shownTimeOffsetSeconds: 0,
};
