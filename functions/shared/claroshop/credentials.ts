import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { CredentialsMark } from '../grants/leased-attempts.ts';

/** With which an account signs in. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Where an account's credentials come from. */
export interface CredentialsSource {
  /**
   * Reads them afresh: a password that was changed a second ago must not be tried in its old form.
   *
   * @throws {@link DependencyUnavailableError} (retry) Parameter Store can not be reached.
   */
  read(): Promise<Credentials>;
}

const SALT_BYTES = 16;
const KEY_BYTES = 32;

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

export type Fingerprint = Pick<CredentialsMark, 'salt' | 'fingerprint'>;

/** @param like with the salt of this one, so that the two can be compared. */
export type Fingerprinting = (credentials: Credentials, like?: Fingerprint) => Promise<Fingerprint>;

/**
 * What is kept of credentials that are refused: scrypt with a random salt, so that nobody who reads
 * the item learns more of a password than he can guess slowly. It takes a small function half a
 * second, so it is done before they are shown to ClaroShop: a refusal is to be stored at once.
 *
 * @param like with the salt of this one, so that the two can be compared.
 */
export async function fingerprintOf(
  { username, password }: Credentials,
  like?: Fingerprint,
): Promise<Fingerprint> {
  const salt = like ? Buffer.from(like.salt, 'base64') : randomBytes(SALT_BYTES);
  // Name and password as JSON: no two pairs are written the same.
  const key = await derive(JSON.stringify([username, password]), salt, KEY_BYTES);
  return { salt: salt.toString('base64'), fingerprint: key.toString('base64') };
}

/** Are the two, made with the same salt, of the same credentials? */
export function areSame(one: Fingerprint, other: Fingerprint): boolean {
  const key = Buffer.from(one.fingerprint, 'base64');
  const otherKey = Buffer.from(other.fingerprint, 'base64');
  return key.length === otherKey.length && timingSafeEqual(key, otherKey);
}
