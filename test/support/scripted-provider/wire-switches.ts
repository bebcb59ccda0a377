import { z } from 'zod';

const milliseconds = z.int().min(0).max(600_000);

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
  /** An OAuth error in any words, e.g. one of the provider's `wordings`. */
  z.strictObject({
    kind: z.literal('refusal'),
    status: z.int().min(400).max(499),
    error: z.string(),
    description: z.string().optional(),
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

/** The switches of every scripted provider: what happens to its answers. */
export const WireSwitches = z.strictObject({
  /** Overwrites or adds fields of the answer with any JSON. */
  fields: z.record(z.string(), z.json()),
  /** Of a granted answer. */
  grantStatus: z.int().min(200).max(299),
  /** Stands before a granted answer: one of `preludes`, or anything else. */
  prelude: z.string(),
  fault: Fault.nullable(),
  /** Between the request's arrival and the issuing. */
  delayBeforeIssuingMs: milliseconds,
  /** Between the issuing and the answer: a client that gives up meanwhile has lost the grant. */
  delayMs: milliseconds,
  /** The pause after each byte of the body; 0 sends it at once. */
  trickleMs: milliseconds,
  /** Spaces behind the body: the answer stays valid and becomes huge. */
  padBytes: z.int().min(0).max(50_000_000),
  /** So much of the body is sent, and nothing says that there was more. */
  cutToBytes: z.int().min(0).nullable(),
});
export type WireSwitches = z.output<typeof WireSwitches>;

export const defaultWireSwitches: WireSwitches = {
  fields: {},
  grantStatus: 200,
  prelude: '',
  fault: null,
  delayBeforeIssuingMs: 0,
  delayMs: 0,
  trickleMs: 0,
  padBytes: 0,
  cutToBytes: null,
};

/** In `configure`: the switches hold for so many token requests only. */
export const nextRequests = z.int().positive().optional();
