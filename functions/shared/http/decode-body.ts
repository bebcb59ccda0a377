import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEvent } from 'aws-lambda';

/**
 * Zipped or not, a body is no larger than what Lambda takes at once (its quotas, read 2026-11). It is
 * unzipped before anybody is asked who sent it: 100 KB of anybody's must not fill the memory.
 */
const MAX_UNZIPPED_BYTES = 6_000_000;

/**
 * The text of a body, whose JSON says by its first bytes how it is written: UTF-8, UTF-16 with a
 * byte order mark or without one (RFC 4627 section 3: its first letters are ASCII), any of them
 * gzipped (RFC 1952); or Latin-1 where it is no valid UTF-8, which is what Windows PowerShell sends
 * unless it is told otherwise.
 *
 * @returns without a byte order mark, which JSON does not allow.
 */
export function decodeBody({
  body,
  isBase64Encoded,
}: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>): string {
  const bytes = unzipped(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'));
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

function unzipped(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNZIPPED_BYTES });
  } catch {
    return bytes;
  }
}

function encodingOf([first, second]: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && first !== 0) return 'utf-16le';
  return first === 0 && second !== 0 && second !== undefined ? 'utf-16be' : 'utf-8';
}
