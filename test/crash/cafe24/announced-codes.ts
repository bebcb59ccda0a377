import type { OutcomeEvent } from '#shared/grants/ports.ts';
import type { SimulatedProcess } from '../simulated-process.ts';
import type { AnyStatement } from './rewriting.ts';

const CONFIRMS = "set announce_again_at = 'infinity'";

/** What `announce-cafe24-codes` has announced, and what it knows to be announced. */
export class AnnouncedCodes {
  /** Codes that were announced again though they were confirmed, or under another id. */
  readonly offences: string[] = [];
  readonly #eventIds = new Map<unknown, unknown>();
  readonly #confirmed = new Set<unknown>();

  /** The bus has taken an announcement of the process's. */
  taken({ isZombie }: SimulatedProcess, { detail }: OutcomeEvent): void {
    const { codeId, metadata } = detail;
    const { eventId } = metadata as { readonly eventId: string };
    const known = this.#eventIds.get(codeId) ?? eventId;
    this.#eventIds.set(codeId, known);
    if (known !== eventId) this.offences.push(`${String(codeId)}: another id`);
    if (this.#confirmed.has(codeId) && !isZombie)
      this.offences.push(`${String(codeId)}: confirmed`);
  }

  readonly statement = ({ text, values }: AnyStatement): void => {
    if (!text.includes(CONFIRMS)) return;
    for (const codeId of values[0] as string[]) this.#confirmed.add(codeId);
  };
}
