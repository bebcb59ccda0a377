import { Ledger } from '../ledger.ts';
import type { SimulatedProcess } from '../simulated-process.ts';
import type { Chronicle } from './chronicle.ts';

/** The ledger of grants, with what else processes owe when they are over. */
export class ClaroshopLedger extends Ledger {
  readonly #chronicle: Chronicle;

  constructor(chronicle: Chronicle) {
    super(['parameters', 'escrow']);
    this.#chronicle = chronicle;
  }

  override processDied(process: SimulatedProcess, why: string): void {
    this.#over(process, why !== 'deadline' || process.isZombie);
    super.processDied(process, why);
  }

  override processEnded(process: SimulatedProcess): void {
    this.#over(process, process.isZombie);
    super.processEnded(process);
  }

  #over(process: SimulatedProcess, isKilled: boolean): void {
    const isFaulted = this.hasFailed(process, 'attempts');
    this.#chronicle.processOver(process, { isKilled, isFaulted });
  }
}
