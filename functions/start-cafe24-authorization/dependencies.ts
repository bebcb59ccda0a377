import { randomBytes } from 'node:crypto';
import type { AuthorizationStates } from '#shared/cafe24/authorization-states.ts';
import { browserCookie, type BrowserCookie } from '#shared/cafe24/browser-cookie.ts';
import { runtimeDatabase } from '#shared/cafe24/runtime.ts';
import type { Log } from '#shared/log.ts';
import { postgresStates } from '#shared/postgres/states.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly malls: ReadonlySet<string>;
  readonly application: Application;
  readonly states: AuthorizationStates;
  readonly cookie: BrowserCookie;
  /** 32 random bytes as base64url. */
  readonly newSecret: () => string;
}

/** What Cafe24 knows us by. */
export interface Application {
  /** `https://{mallId}.cafe24api.com`; `{mallId}` is replaced. */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Separated by commas. */
  readonly scopes: string;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  return {
    malls: new Set(config.CAFE24_MALLS),
    application: {
      apiUrl: config.CAFE24_API_URL,
      clientId: config.CAFE24_CLIENT_ID,
      redirectUri: config.CAFE24_REDIRECT_URI,
      scopes: config.CAFE24_SCOPES,
    },
    states: postgresStates(runtimeDatabase(config, log)),
    cookie: browserCookie(config.CAFE24_REDIRECT_URI),
    newSecret: () => randomBytes(32).toString('base64url'),
  };
}
