import type { HttpRequest } from '../http/request.ts';
import { STATE_LIFE_SECONDS } from './authorization-states.ts';

/** 32 bytes as base64url. */
export const RANDOM_TEXT = /^[\w-]{43}$/;

/** The cookie that tells one browser from another while it authorizes. */
export interface BrowserCookie {
  /** @returns `undefined` when there is none, or none of ours. */
  read(request: HttpRequest): string | undefined;
  /** @returns the value of a `set-cookie` header. */
  write(browser: string): string;
}

/**
 * Over https its name has the prefix `__Host-`, so that no neighbouring host can plant one (RFC
 * 6265bis, section 4.1.3, read 2026-11). `Lax`, since the provider sends the browser back from its
 * own site.
 *
 * @param redirectUri where the browser comes back to; plain http only on a developer's machine.
 */
export function browserCookie(redirectUri: string): BrowserCookie {
  const isSecure = new URL(redirectUri).protocol === 'https:';
  const name = isSecure ? '__Host-tokenline-browser' : 'tokenline-browser';
  const attributes = [
    `Max-Age=${STATE_LIFE_SECONDS}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure ? ['Secure'] : []),
  ];
  return {
    read: (request) => {
      const value = (request.header('cookie') ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .find((pair) => pair.startsWith(`${name}=`))
        ?.slice(name.length + 1);
      return value !== undefined && RANDOM_TEXT.test(value) ? value : undefined;
    },
    write: (browser) => [`${name}=${browser}`, ...attributes].join('; '),
  };
}
