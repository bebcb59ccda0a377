import type { Deadline } from '#shared/clock.ts';
import type { Escrow } from '#shared/grants/ports.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/**
 * The saver gives a grant up when its commits and then one put into escrow have failed, whatever time
 * is left: it is told that there is none.
 */
export function givingUp<Grant>() {
  const hasTried = new WeakSet<SimulatedProcess>();
  return {
    escrow: (escrow: Escrow<Grant>, process: SimulatedProcess): Escrow<Grant> => ({
      ...escrow,
      put: async (attempt, save) => {
        try {
          await escrow.put(attempt, save);
        } catch (error) {
          hasTried.add(process);
          throw error;
        }
      },
    }),
    deadline: (deadline: Deadline, process: SimulatedProcess): Deadline => ({
      remainingMs: () => (hasTried.has(process) ? 0 : deadline.remainingMs()),
    }),
  };
}
