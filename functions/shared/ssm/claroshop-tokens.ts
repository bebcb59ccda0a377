import { bundleToText, grantToBundle } from '../claroshop/bundle.ts';
import { bundleName } from '../claroshop/names.ts';
import { bundleToEvent } from '../claroshop/outcome-events.ts';
import { subjectToAccount } from '../claroshop/subject.ts';
import type { ClaroshopTokens, StoredBundle } from '../claroshop/tokens.ts';
import { OVERTAKEN, type Commitment, type LeasedAttempts } from '../grants/leased-attempts.ts';
import type { Attempt } from '../grants/ports.ts';
import type { Log } from '../log.ts';
import type { Parameters } from './parameters.ts';
import { patiently, type Patience } from './patiently.ts';
import { readNewest } from './newest-bundle.ts';
import { findBundle, toStored } from './stored-bundle.ts';
import { projectBundle } from './projection.ts';

/** Twice as patient as the names of other accounts, which take the same quota: about 17 s. */
const BUNDLE_TRIES = 16;

export interface ClaroshopTokensMeans extends Omit<Patience, 'deadline' | 'mostTries'> {
  readonly parameters: Parameters;
  readonly attemptsOf: (subject: string) => LeasedAttempts;
  readonly log: Log;
  /** The longest that one commit takes. */
  readonly commitMs: number;
}

/** ClaroShop's grants in Parameter Store: the bundle is the truth, the eight names its projection. */
export function ssmClaroshopTokens(means: ClaroshopTokensMeans): ClaroshopTokens {
  const { attemptsOf, commitMs } = means;
  const tokens: ClaroshopTokens = {
    read: (account, signal) => readNewest(account, { ...means, signal }),

    async commit(attempt, { grant, event }, fresh) {
      const signal = AbortSignal.timeout(commitMs);
      const text = bundleToText(grantToBundle(grant, attempt.attemptId));
      const version = await storeBundle(attempt, { text, fresh, signal }, means);
      const commitment = version === 0 ? OVERTAKEN : { ...storedAs(attempt), version, event };
      return await attemptsOf(attempt.subject).commit(attempt, commitment, signal);
    },

    commitPatiently: (attempt, save, deadline) =>
      patiently(() => tokens.commit(attempt, save, true), {
        ...means,
        deadline,
        mostTries: BUNDLE_TRIES,
      }),

    async recognise(attempt) {
      const account = subjectToAccount(attempt.subject);
      const { bundle, version } = await readNewest(account, means);
      if (bundle?.attempt_id !== attempt.attemptId) return undefined;
      const event = bundleToEvent(bundle, attempt);
      const commitment = { ...storedAs(attempt), version, event };
      return await attemptsOf(attempt.subject).commit(attempt, commitment);
    },

    project: (account, deadline, known) => projectBundle(account, { ...means, deadline, known }),
  };
  return tokens;
}

interface BundleToStore {
  readonly text: string;
  /** It was tried before, and may have been put without an answer. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/** @returns the version of the attempt's bundle; 0 when a newer grant is stored. */
async function storeBundle(
  attempt: Attempt,
  { text: value, fresh, signal }: BundleToStore,
  { parameters, log }: ClaroshopTokensMeans,
): Promise<number> {
  const account = subjectToAccount(attempt.subject);
  const found = await findBundle(account, parameters, signal);
  const stored = toStored(found);
  // Ours already: the answer to an earlier put got lost.
  if (stored.bundle?.attempt_id === attempt.attemptId) return stored.version;
  if (found !== undefined && !isBaseOf(attempt, stored)) return 0;
  const parameter = { name: bundleName(account), value, type: found?.type ?? 'SecureString' };
  const version = await parameters.put(parameter, signal);
  // Parameter Store has no conditional put: somebody wrote between our look and our put. An old look
  // may also hide the base, which is known, or our own earlier put.
  const expected = Math.max(stored.version, attempt.baseVersion) + 1;
  if (version > expected && !fresh) log.warn('bundle-overwritten', { account, version });
  return version;
}

/**
 * What is older than the base is an old read of it. The base's own grant once more is no newer one: a
 * put that we gave up as unanswered may be done later, when it was repeated already, and raise the
 * version.
 */
function isBaseOf({ baseVersion, baseAttemptId }: Attempt, stored: StoredBundle): boolean {
  if (stored.version <= baseVersion) return true;
  return baseAttemptId !== undefined && stored.bundle?.attempt_id === baseAttemptId;
}

function storedAs({ grantType }: Attempt): Pick<Commitment, 'outcome'> {
  return { outcome: grantType === 'refresh_token' ? 'refreshed' : 'issued' };
}
