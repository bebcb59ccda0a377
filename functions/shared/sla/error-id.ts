import { createHash } from 'node:crypto';

export interface FileName {
  readonly folder: string;
  readonly filename: string;
}

/**
 * The identity of a stuck file, equal in every submission that names it: 64 hexadecimal digits,
 * SHA-256 over the canonical folder, the canonical file name and the instant of creation.
 *
 * Equal are, in a Windows path: letters of either case, `\` and `/`, one separator and several, with
 * and without separators at the end; and instants in any zone and with any fraction that agree to
 * the millisecond. In a path of any other system (it begins with one `/`) case counts. Blanks,
 * Unicode forms, `.` and `..` always count: a file counted twice does less harm than one that is
 * taken for another and lost.
 *
 * @param createdAt fractions finer than a millisecond are cut.
 */
export function errorIdOf({ folder, filename }: FileName, createdAt: Date): string {
  const foldCase = isWindowsPath(folder) ? foldLetters : asItIs;
  const identity = [foldCase(canonicalFolder(folder)), foldCase(filename), createdAt.toISOString()];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

const POSIX_ROOT = /^\/(?!\/)/;

function isWindowsPath(folder: string): boolean {
  return !POSIX_ROOT.test(folder);
}

function canonicalFolder(folder: string): string {
  if (!isWindowsPath(folder)) return folder.replace(/\/+/g, '/').replace(/\/$/, '');
  // `\\server` is another place than `\server`: two separators at the start stay two.
  const start = /^[\\/]{2}/.test(folder) ? '\\' : '';
  return start + folder.replace(/[\\/]+/g, '\\').replace(/\\$/, '');
}

/**
 * Windows compares names by a table of single letters in upper case. Where both cases are no pair
 * (`ß`, dotless `ı`, `ſ`) it has no entry, and `toUpperCase` alone would make two names one.
 */
function foldLetters(text: string): string {
  return text.replace(/[^A-Z\d\s\\.:_-]/g, (letter) => {
    const upper = letter.toUpperCase();
    return upper.toLowerCase() === letter ? upper : letter;
  });
}

function asItIs(text: string): string {
  return text;
}
