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

/**
 * What is kept of refused credentials: scrypt with a salt of their own, so that nobody who reads the
 * item learns more of a password than he can guess slowly.
 *
 * @param reason why they were refused, in a word.
 */
export async function markCredentials(
  credentials: Credentials,
  reason: string,
): Promise<CredentialsMark> {
  const salt = randomBytes(SALT_BYTES);
  const key = await keyOf(credentials, salt);
  return { salt: salt.toString('base64'), fingerprint: key.toString('base64'), reason };
}

/** Are these the credentials that were refused? */
export async function isMarked(credentials: Credentials, mark: CredentialsMark): Promise<boolean> {
  const key = await keyOf(credentials, Buffer.from(mark.salt, 'base64'));
  const marked = Buffer.from(mark.fingerprint, 'base64');
  return key.length === marked.length && timingSafeEqual(key, marked);
}

/** Name and password as JSON: no two pairs are written the same. */
function keyOf({ username, password }: Credentials, salt: Buffer): Promise<Buffer> {
  return derive(JSON.stringify([username, password]), salt, KEY_BYTES);
}
