import type { Escrow, EscrowedGrant } from '#shared/grants/ports.ts';

/** An escrow in memory; what lies in it can be looked at. */
export function inMemoryEscrow<Grant>(): Escrow<Grant> & {
  readonly held: Map<string, EscrowedGrant<Grant>>;
} {
  const held = new Map<string, EscrowedGrant<Grant>>();
  return {
    held,
    put: (attempt, save) => {
      if (!held.has(attempt.attemptId)) held.set(attempt.attemptId, { attempt, save });
      return Promise.resolve();
    },
    read: (attemptId) => Promise.resolve(held.get(attemptId)?.save),
    delete: (attemptId) => Promise.resolve(void held.delete(attemptId)),
    list: () => Promise.resolve([...held.values()]),
  };
}
