import { DEFAULT_ACCOUNT } from '#events/account.ts';
import type { Bundle } from './bundle.ts';

/** The parameters of the predecessor, below the account's path. Readers of theirs exist. */
const NAMES = [
  'access_token',
  'refresh_token',
  'expires_in',
  'refresh_expires_in',
  'token_type',
  'scope',
  'session_state',
  'not-before-policy',
] as const satisfies readonly (keyof Bundle)[];

const SECRET: ReadonlySet<string> = new Set(['access_token', 'refresh_token']);

/** What is to stand under one of the eight names. */
export interface NamedValue {
  readonly name: string;
  /** `undefined`: the grant has no such field, so the name is to be gone, not stale. */
  readonly value: string | undefined;
  readonly isSecret: boolean;
}

/** The default account has the names of the requirement, further ones a path of their own. */
function pathOf(account: string): string {
  return account === DEFAULT_ACCOUNT ? '/claroshop' : `/claroshop/accounts/${account}`;
}

export function bundleName(account: string): string {
  return `${pathOf(account)}/token`;
}

export function projectedNames(account: string): readonly string[] {
  return NAMES.map((name) => `${pathOf(account)}/${name}`);
}

/**
 * The eight names with the bundle's values. Parameter Store takes no empty ones: they are absent; nor
 * `{{…}}`, which is written apart in what describes, and never in a token.
 */
export function bundleToNames(bundle: Bundle, account: string): readonly NamedValue[] {
  return NAMES.map((field) => {
    const isSecret = SECRET.has(field);
    const text = String(bundle[field] ?? '');
    const value = isSecret ? text : text.replaceAll(/\{(?=\{)/g, '{ ');
    return {
      name: `${pathOf(account)}/${field}`,
      value: value === '' ? undefined : value,
      isSecret,
    };
  });
}
