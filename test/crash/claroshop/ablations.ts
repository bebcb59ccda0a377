import { textToBundle } from '#shared/claroshop/bundle.ts';
import { bundleToNames } from '#shared/claroshop/names.ts';
import { subjectToAccount } from '#shared/claroshop/subject.ts';
import { DEFAULT_ACCOUNT } from '#events/account.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { givingUp } from '../giving-up.ts';
import type { Ablation } from './pipeline.ts';
import type { ViolationKind } from './violations.ts';

/** A rule that is taken out, with what the judge says of it. */
export interface RuleTakenOut extends Ablation {
  readonly kinds: readonly ViolationKind[];
}

/** Rules of the flow, each taken out from outside: the suite is worth something only if it notices. */
export const ABLATIONS = {
  /** A lease that somebody holds is taken from him. */
  'lease off': (): RuleTakenOut => ({
    kinds: ['double-redeem'],
    attempts: (attempts) => ({
      ...attempts,
      begin: async (request) => {
        const begun = await attempts.begin(request);
        if (begun.kind !== 'in-progress') return begun;
        const { open } = await attempts.standing();
        if (open !== undefined) await attempts.giveBack(open.attempt.attemptId);
        return await attempts.begin(request);
      },
    }),
  }),

  'escrow off': (): RuleTakenOut => ({
    kinds: ['grant-lost'],
    escrow: () => ({
      put: () => Promise.reject(new DependencyUnavailableError('no-escrow', 'There is none.')),
      read: () => Promise.resolve(undefined),
      delete: () => Promise.resolve(),
      list: () => Promise.resolve([]),
    }),
  }),

  'saver gives up early': (): RuleTakenOut => ({ kinds: ['grant-lost'], ...givingUp() }),

  /** Whatever is stored, a grant is put over it. */
  'fence off': (): RuleTakenOut => ({
    kinds: ['bundle-went-back'],
    tokens: (tokens) => ({
      ...tokens,
      commit: async (attempt, save, fresh) => {
        const { version, bundle } = await tokens.read(subjectToAccount(attempt.subject));
        const base = { baseVersion: version, baseAttemptId: bundle?.attempt_id };
        return await tokens.commit({ ...attempt, ...base }, save, fresh);
      },
    }),
  }),

  /** Refused credentials are not known again. */
  'fingerprint off': (): RuleTakenOut => ({
    kinds: ['password-asked-again'],
    attempts: (attempts) => ({
      ...attempts,
      credentialsMark: async () => {
        const mark = await attempts.credentialsMark();
        return mark && { ...mark, fingerprint: 'b3RoZXI=' };
      },
    }),
  }),

  'bundle after names': (): RuleTakenOut => ({
    kinds: ['name-before-bundle'],
    parameters: (parameters) => ({
      ...parameters,
      put: async (parameter, signal) => {
        for (const { name, value, isSecret } of namesOf(parameter)) {
          if (value === undefined) continue;
          await parameters.put({ name, value, type: isSecret ? 'SecureString' : 'String' });
        }
        return await parameters.put(parameter, signal);
      },
    }),
  }),
} as const;

export type AblationName = keyof typeof ABLATIONS;

function namesOf({ name, value }: { readonly name: string; readonly value: string }) {
  const bundle = name.endsWith('/token') ? textToBundle(value) : undefined;
  const account = /accounts\/(.+)\/token$/.exec(name)?.[1] ?? DEFAULT_ACCOUNT;
  return bundle === undefined ? [] : bundleToNames(bundle, account);
}
