import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
/** How the base of all of a client's errors is called. */
const BASE = 'ServiceException';

/**
 * The errors that AWS documents for a call, as the installed SDK's declarations have them from its API
 * reference.
 */
export function documentedErrors(client: string, command: string): readonly string[] {
  const folder = dirname(require.resolve(`${client}/package.json`));
  const file = join(folder, 'dist-types', 'commands', `${command}Command.d.ts`);
  const named = readFileSync(file, 'utf8').matchAll(/@throws \{@link (\w+)\}/g);
  return [...named].map(([, name = '']) => name).filter((name) => !name.endsWith(BASE));
}

/** An error as the SDK throws it. */
export function awsError(name: string, more: object = {}): Error {
  return Object.assign(new Error('as AWS words it'), { name, $fault: 'client', ...more });
}
