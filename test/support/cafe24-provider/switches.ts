import { z } from 'zod';

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

const milliseconds = z.int().min(0).max(600_000);
const seconds = z.number().positive();

/** After issuing: the grant is made (and the old refresh token dead), only the client misses it. */
const afterIssuing = z.boolean().default(false);

const Fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    /** The header as it is sent: seconds or an HTTP date. */
    retryAfter: z.string().optional(),
    afterIssuing,
  }),
  /** A proxy's page instead of JSON, with any status, 200 included. */
  z.strictObject({ kind: z.literal('html'), status: z.int().min(200).max(599), afterIssuing }),
  z.strictObject({ kind: z.literal('redirect'), location: z.string().min(1), afterIssuing }),
  /** The connection is destroyed. */
  z.strictObject({ kind: z.literal('reset'), afterIssuing }),
  /** The connection stays open and nothing comes. */
  z.strictObject({ kind: z.literal('hang'), afterIssuing }),
]);
export type Fault = z.output<typeof Fault>;

const Refusal = z.strictObject({
  status: z.union([z.literal(400), z.literal(401)]),
  error: z.enum(['invalid_grant', 'invalid_client']),
});

const Switches = z.strictObject({
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
  /** How it words a wrong client secret; the description is always "Invalid client_secret". */
  wrongSecret: Refusal,
  /** The mall's admin says no at the authorize page. */
  adminRefuses: z.boolean(),

  /** Left out of the answer; `refresh_token` is rotated all the same. */
  omit: z.array(z.enum(grantFields)),
  /** Overwrites or adds fields of the answer with any JSON. */
  fields: z.record(z.string(), z.json()),
  /** Added to every time that the answer shows; negative: times in the past. */
  shownTimeOffsetSeconds: z.number(),

  fault: Fault.nullable(),
  /** Between the request's arrival and the issuing. */
  delayBeforeIssuingMs: milliseconds,
  /** Between the issuing and the answer: a client that gives up meanwhile has lost the grant. */
  delayMs: milliseconds,
  /** The pause after each byte of the body; 0 sends it at once. */
  trickleMs: milliseconds,
  /** Spaces behind the body: the answer stays valid and becomes huge. */
  padBytes: z.int().min(0).max(50_000_000),
});
export type Switches = z.output<typeof Switches>;

/**
 * What `configure` takes: any of the switches, for good or for the next token requests only.
 * An unknown switch or a wrong value is an error that names it.
 */
export const Configuration = Switches.partial().extend({
  nextRequests: z.int().positive().optional(),
});
export type Configuration = z.input<typeof Configuration>;

/** Cafe24 as its documents have it (read 2026-11): codes 1 minute, access 2 h, refresh 14 days. */
export const defaultSwitches: Switches = {
  codeSeconds: 60,
  accessSeconds: 2 * 3600,
  refreshSeconds: 14 * 24 * 3600,
  reuseRevokesFamily: false,
  codeReuseRevokesIssued: false,
  newAuthorizationRevokesOldFamilies: false,
  graceSeconds: 0,
  graceSuccessor: 'same',
  deadRefreshToken: { status: 400, error: 'invalid_grant' },
  wrongSecret: { status: 401, error: 'invalid_grant' },
  adminRefuses: false,
  omit: [],
  fields: {},
  shownTimeOffsetSeconds: 0,
  fault: null,
  delayBeforeIssuingMs: 0,
  delayMs: 0,
  trickleMs: 0,
  padBytes: 0,
};
