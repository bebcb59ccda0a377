import { textToBundle } from '../claroshop/bundle.ts';
import { bundleName } from '../claroshop/names.ts';
import type { StoredBundle } from '../claroshop/tokens.ts';
import type { Parameter, Parameters } from './parameters.ts';

/** One read, which may be old. */
export async function findBundle(
  account: string,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<Parameter | undefined> {
  const name = bundleName(account);
  return (await parameters.read([name], signal)).get(name);
}

export function toStored(found: Parameter | undefined): StoredBundle {
  return { version: found?.version ?? 0, bundle: found && textToBundle(found.value) };
}
