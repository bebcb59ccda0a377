import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Line } from '../line.ts';
import type { AnyStatement } from './rewriting.ts';
import type { Cafe24World } from './world.ts';

/** Only the commits of grants have so many values. */
const COMMITS_GRANTS = '$11::jsonb';

/** Follows one process's grants from Cafe24's answer to where they are kept. */
export class GrantWatch {
  readonly #line: Line<Cafe24World>;
  /** When each grant came, in ms of the process's own work, and in virtual time. */
  readonly #cameAt = new Map<string, { readonly workedMs: number; readonly nowMs: number }>();

  constructor(line: Line<Cafe24World>) {
    this.#line = line;
  }

  readonly onGrant = ({ refreshToken }: Cafe24Grant): void => {
    this.#cameAt.set(refreshToken, this.#now());
  };

  readonly statement = ({ text, values }: AnyStatement, rows: readonly unknown[]): void => {
    if (!text.includes(COMMITS_GRANTS)) return;
    const [token = ''] = values[3] as string[];
    const [row] = rows as { outcome?: string }[];
    if (row === undefined) return;
    if (row.outcome === 'overtaken') this.#line.process.world.ledger.overtaken(token);
    else this.#saved(token, 'store');
  };

  readonly escrowed = ({ refreshToken }: Cafe24Grant): void => {
    this.#saved(refreshToken, 'escrow');
  };

  #saved(token: string, where: 'store' | 'escrow'): void {
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
