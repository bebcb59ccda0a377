import { textToBundle } from '../claroshop/bundle.ts';
import { bundleName, bundleToNames, projectedNames, type NamedValue } from '../claroshop/names.ts';
import type { StoredBundle } from '../claroshop/tokens.ts';
import { DependencyUnavailableError } from '../errors.ts';
import type { Parameter, Parameters } from './parameters.ts';
import { patiently, type Patience } from './patiently.ts';

/** Of two writers one comes last; more rounds than this would mean a writer that never ends. */
const MOST_ROUNDS = 5;

/** Writes the names that differ from the bundle, one after another: puts of a name must not meet. */
export async function projectBundle(
  account: string,
  parameters: Parameters,
  patience: Patience,
): Promise<StoredBundle> {
  const names = [bundleName(account), ...projectedNames(account)];
  for (let round = 1; ; round++) {
    const found = await patiently(() => parameters.read(names), patience);
    const stored = toStored(found.get(bundleName(account)));
    const stale = staleNames(stored, account, found);
    await writeNames(stale, (it) =>
      patiently(() => writeName(it, found.get(it.name), parameters), patience),
    );
    if (stale.length === 0 || round === MOST_ROUNDS) return stored;
    const now = await patiently(() => findBundle(account, parameters), patience);
    if (toStored(now).version === stored.version) return stored;
  }
}

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

/** Without a bundle of ours the names stay as somebody else left them. */
function staleNames(
  { bundle }: StoredBundle,
  account: string,
  found: ReadonlyMap<string, Parameter>,
): readonly NamedValue[] {
  if (bundle === undefined) return [];
  return bundleToNames(bundle, account).filter(
    ({ name, value }) => found.get(name)?.value !== value,
  );
}

/**
 * One name that Parameter Store will never take says nothing about the others. While it is away, none is
 * worth the wait.
 *
 * @throws what the first name met that could not be written.
 */
async function writeNames(
  names: readonly NamedValue[],
  write: (name: NamedValue) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const name of names) {
    await write(name).catch((error: unknown) => {
      if (error instanceof DependencyUnavailableError) throw error;
      failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
}

/** A type can't change in place, and a name's readers know the one that it has. */
async function writeName(
  { name, value, isSecret }: NamedValue,
  found: Parameter | undefined,
  parameters: Parameters,
): Promise<void> {
  if (value === undefined) {
    await parameters.delete(name);
    return;
  }
  const type = found?.type ?? (isSecret ? 'SecureString' : 'String');
  await parameters.put({ name, value, type });
}
