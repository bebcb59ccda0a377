import { z } from 'zod';
import {
  defaultWireSwitches,
  nextRequests,
  WireSwitches,
} from '../scripted-provider/wire-switches.ts';

const grantFields = [
  'access_token',
  'expires_in',
  'refresh_expires_in',
  'refresh_token',
  'token_type',
  'not-before-policy',
  'session_state',
  'scope',
] as const;

const seconds = z.number().positive();
const tokenLength = z.int().min(100).max(20_000);

const Switches = WireSwitches.extend({
  accessSeconds: seconds,
  /** How long a session lives without a refresh: the life of a refresh token. */
  sessionIdleSeconds: seconds,
  /** How long it lives at most: no token of it, access tokens too, is given a longer life. */
  sessionMaxSeconds: seconds,

  /**
   * Keycloak's `revokeRefreshToken`: a refresh token is taken `refreshTokenMaxReuse` + 1 times, and
   * one that comes again ends the session. Off, as it is by default: taken until its own end.
   */
  revokeRefreshToken: z.boolean(),
  refreshTokenMaxReuse: z.int().min(0),
  /** The client's `use.refresh.tokens`: off, the answer has none and `refresh_expires_in` is 0. */
  issuesRefreshTokens: z.boolean(),

  /** So many failed sign-ins lock the account, which is told with the text of a wrong password. */
  lockAfterFailures: z.int().positive(),
  /** The first lock's length; it grows with each further multiple of the failures. */
  lockSeconds: seconds,
  /** Of "Invalid user credentials": 401 up to Keycloak 26.5, 400 later. */
  invalidCredentialsStatus: z.union([z.literal(401), z.literal(400)]),
  /** The client's "Direct access grants". */
  allowsPasswords: z.boolean(),

  /** In characters; with an account's many roles they go over 4,096. */
  accessTokenLength: tokenLength,
  refreshTokenLength: tokenLength,
  /** Left out of the answer. */
  omit: z.array(z.enum(grantFields)),
});
export type Switches = z.output<typeof Switches>;

/**
 * What `configure` takes: any of the switches, for good or for the next token requests only.
 * An unknown switch or a wrong value is an error that names it.
 */
export const Configuration = Switches.partial().extend({ nextRequests });
export type Configuration = z.input<typeof Configuration>;

/** A Keycloak 26 as its realms come, with ClaroShop's lifetimes. */
export const defaultSwitches: Switches = {
  ...defaultWireSwitches,
  accessSeconds: 300,
  sessionIdleSeconds: 1800,
  sessionMaxSeconds: 36_000,
  revokeRefreshToken: false,
  refreshTokenMaxReuse: 0,
  issuesRefreshTokens: true,
  lockAfterFailures: 3,
  lockSeconds: 60,
  invalidCredentialsStatus: 401,
  allowsPasswords: true,
  accessTokenLength: 1100,
  refreshTokenLength: 780,
  omit: [],
};
