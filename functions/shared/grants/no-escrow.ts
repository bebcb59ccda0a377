import { DependencyUnavailableError } from '../errors.ts';
import type { Escrow } from './ports.ts';

/** An escrow that takes nothing and holds nothing: with it a commit is all that can save a grant. */
export const noEscrow: Escrow<never> = {
  put: () =>
    Promise.reject(new DependencyUnavailableError('no-escrow', 'No escrow is configured.')),
  read: () => Promise.resolve(undefined),
  delete: () => Promise.resolve(),
};
