import type { Bundle } from '../claroshop/bundle.ts';
import { accountToSubject } from '../claroshop/subject.ts';
import type { StoredBundle } from '../claroshop/tokens.ts';
import { DependencyUnavailableError } from '../errors.ts';
import type { LeasedAttempts, NewestGrant } from '../grants/leased-attempts.ts';
import type { Parameters } from './parameters.ts';
import { findBundle, toStored } from './stored-bundle.ts';

/** An old read is looked at again after 0.1 s, then after twice as long each time: 3.1 s in all. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_600;

export interface ReadMeans {
  readonly parameters: Parameters;
  readonly attemptsOf: (subject: string) => LeasedAttempts;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the bundle until it is none older than the lease knows of.
 *
 * Parameter Store is eventually consistent ("due to eventual consistency of the underlying API":
 * cloudformation-coverage-roadmap #1613; seen in aws-cdk-cli #830; both read 2026-11): a read may say what
 * was there before the last put, and whoever acts on that shows a refresh token that is spent. The lease
 * lies in DynamoDB and is read consistently.
 *
 * @throws {@link DependencyUnavailableError} (retry) a store is away, or shows only what is older.
 */
export async function readNewest(account: string, means: ReadMeans): Promise<StoredBundle> {
  const { parameters, pause, signal } = means;
  const newest = await newestGrant(account, means);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    const seen = toStored(await findBundle(account, parameters, signal));
    if (!isOld(seen, newest)) return seen;
    if (pauseMs > LONGEST_PAUSE_MS) throw tooOld(account);
    await pause(pauseMs);
  }
}

export async function newestGrant(
  account: string,
  { attemptsOf, signal }: Pick<ReadMeans, 'attemptsOf' | 'signal'>,
): Promise<NewestGrant | undefined> {
  return (await attemptsOf(accountToSubject(account)).standing(signal)).newest;
}

interface Known {
  readonly newest: NewestGrant | undefined;
  /** A bundle that was just stored. */
  readonly known: Bundle | undefined;
}

/**
 * @param seen what a read brought.
 * @returns what is stored: the read, or the known bundle if that is the newest and not to be seen yet.
 * @throws {@link DependencyUnavailableError} (retry) something newer is stored that nobody here knows.
 */
export function newestOf(
  seen: StoredBundle,
  account: string,
  { newest, known }: Known,
): StoredBundle {
  if (newest === undefined || !isOld(seen, newest)) return seen;
  if (known?.attempt_id !== newest.attemptId) throw tooOld(account);
  return { version: newest.version, bundle: known };
}

function isOld({ version }: StoredBundle, newest: NewestGrant | undefined): boolean {
  return newest !== undefined && version < newest.version;
}

function tooOld(account: string): DependencyUnavailableError {
  const message = `Parameter Store does not show yet what was stored for ${account}.`;
  return new DependencyUnavailableError('ssm-reads-are-old', message);
}
