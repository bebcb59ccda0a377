import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { inMemoryEscrow } from '../in-memory-escrow.ts';
import type { StoresOf } from './claroshop-world.ts';
import { inMemoryAttempts } from './in-memory-attempts.ts';
import { inMemoryParameters } from './in-memory-parameters.ts';
import { parameterLag } from './parameter-lag.ts';

/**
 * Stores in memory, shared by all processes of a world.
 *
 * @param oldReads so many reads of a parameter say, after a change, what was there before.
 */
export function inMemoryStores(oldReads = 0) {
  const parameters = inMemoryParameters();
  const seen = parameterLag(oldReads);
  const escrow = inMemoryEscrow<ClaroshopGrant>();
  const attempts = new Map<string, ReturnType<typeof inMemoryAttempts>>();
  const storesOf: StoresOf = (steps, clock) => ({
    parameters: steps.through('ssm', seen(parameters, clock)),
    truth: parameters,
    escrow: steps.through('escrow', escrow),
    attemptsOf: (subject) => {
      const known = attempts.get(subject) ?? inMemoryAttempts(subject, clock);
      attempts.set(subject, known);
      return steps.through('attempts', known);
    },
  });
  return { storesOf, parameters, escrow };
}
