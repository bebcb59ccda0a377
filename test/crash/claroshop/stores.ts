import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import type { Clock } from '#shared/clock.ts';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import type { Escrow, OutcomeEvent } from '#shared/grants/ports.ts';
import { inMemoryAttempts } from '#test/support/claroshop/in-memory-attempts.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';
import type { Line } from '../line.ts';
import { steppedPort } from './stepped-port.ts';

/** How an attempt ended. */
export interface Ended {
  readonly attemptId: string;
  readonly outcome: string;
  readonly event: OutcomeEvent | undefined;
}

export type Told = (method: string, args: readonly unknown[], result: unknown) => void;

/** Told of what was done at a port, before its answer can get lost. */
export interface StoreWatch {
  readonly attempts: Told;
  readonly escrow: Told;
}

export interface ReachedStores {
  readonly attemptsOf: (subject: string) => LeasedAttempts;
  readonly escrow: Escrow<ClaroshopGrant>;
}

/** Where attempts and escrow are kept, for one run after another. */
export interface CrashStores {
  /** As one process reaches them: each call, or each of its requests, is a step. */
  through(line: Line, clock: Clock, watch: StoreWatch): ReachedStores;
  /** As an operator reaches them, and the judge. */
  directly(clock: Clock): ReachedStores;
  ended(subject: string): Promise<readonly Ended[]>;
  clear(): Promise<void>;
}

/** Stores in memory, which the contract suites hold to the real ones. */
export function memoryStores(): CrashStores {
  const attempts = new Map<string, ReturnType<typeof inMemoryAttempts>>();
  let escrow = inMemoryEscrow<ClaroshopGrant>();
  const attemptsOf = (subject: string, clock: Clock) => {
    const known = attempts.get(subject) ?? inMemoryAttempts(subject, clock);
    attempts.set(subject, known);
    return known;
  };
  return {
    through: (line, clock, watch) => ({
      attemptsOf: (subject) =>
        steppedPort<LeasedAttempts>(attemptsOf(subject, clock), line, {
          place: 'attempts',
          watch: watch.attempts,
        }),
      escrow: steppedPort<Escrow<ClaroshopGrant>>(escrow, line, {
        place: 'escrow',
        prefix: 'escrow-',
        watch: watch.escrow,
      }),
    }),
    directly: (clock) => ({ attemptsOf: (subject) => attemptsOf(subject, clock), escrow }),
    ended: (subject) => Promise.resolve(attempts.get(subject)?.over() ?? []),
    clear: () => {
      attempts.clear();
      escrow = inMemoryEscrow();
      return Promise.resolve();
    },
  };
}
