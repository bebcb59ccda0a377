import type { Bundle } from '../claroshop/bundle.ts';
import { bundleName, bundleToNames, projectedNames, type NamedValue } from '../claroshop/names.ts';
import type { StoredBundle } from '../claroshop/tokens.ts';
import { DependencyUnavailableError } from '../errors.ts';
import { newestGrant, newestOf, type ReadMeans } from './newest-bundle.ts';
import type { Parameter } from './parameters.ts';
import { patiently, type Patience } from './patiently.ts';
import { toStored } from './stored-bundle.ts';

/** Of two writers one comes last; more rounds than this would mean a writer that never ends. */
const MOST_ROUNDS = 5;

export interface ProjectionMeans extends ReadMeans, Patience {
  /** A bundle that was just stored: reads need not show it yet. */
  readonly known: Bundle | undefined;
}

/** Writes the names that differ from the bundle, one after another: puts of a name must not meet. */
export async function projectBundle(
  account: string,
  means: ProjectionMeans,
): Promise<StoredBundle> {
  let written: StoredBundle | undefined;
  for (let round = 1; ; round++) {
    const { stored, found } = await patiently(() => look(account, means), means);
    // Nobody came in between. What an old read still says of the names is not written twice.
    if (written !== undefined && stored.version <= written.version) return written;
    const stale = staleNames(stored, account, found);
    await writeNames(stale, (it) =>
      patiently(() => writeName(it, found.get(it.name), means), means),
    );
    if (stale.length === 0 || round === MOST_ROUNDS) return stored;
    written = stored;
  }
}

interface Look {
  readonly stored: StoredBundle;
  readonly found: ReadonlyMap<string, Parameter>;
}

/** Bundle and names in one read. An old bundle would write old names: the lease tells it from a new one. */
async function look(account: string, means: ProjectionMeans): Promise<Look> {
  const newest = await newestGrant(account, means);
  const found = await means.parameters.read([bundleName(account), ...projectedNames(account)]);
  const seen = toStored(found.get(bundleName(account)));
  return { stored: newestOf(seen, account, { newest, known: means.known }), found };
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
  { parameters }: ProjectionMeans,
): Promise<void> {
  if (value === undefined) {
    await parameters.delete(name);
    return;
  }
  const type = found?.type ?? (isSecret ? 'SecureString' : 'String');
  await parameters.put({ name, value, type });
}
