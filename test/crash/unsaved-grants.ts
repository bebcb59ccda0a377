import type { Line } from './line.ts';

/** The grants of one process that are on their way from the provider's answer to where they are kept. */
export class UnsavedGrants {
  readonly #line: Line;
  /** When each grant came, in ms of the process's own work, and in virtual time. */
  readonly #cameAt = new Map<string, { readonly workedMs: number; readonly nowMs: number }>();

  constructor(line: Line) {
    this.#line = line;
  }

  came(token: string): void {
    this.#cameAt.set(token, this.#now());
  }

  saved(token: string, where: 'store' | 'escrow'): void {
    const { process } = this.#line;
    const { ledger, windows } = process.world;
    ledger.saved(token);
    const cameAt = this.#cameAt.get(token);
    if (cameAt === undefined) return;
    this.#cameAt.delete(token);
    const now = this.#now();
    windows.push({
      ms: now.workedMs - cameAt.workedMs,
      waitedMs: now.nowMs - cameAt.nowMs,
      ...{ where, isAfterFault: ledger.isFaulted(process) },
    });
  }

  #now() {
    const { scheduler } = this.#line.process.world;
    return { workedMs: this.#line.worked(), nowMs: scheduler.nowMs };
  }
}
