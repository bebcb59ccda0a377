import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Line } from '../line.ts';
import { UnsavedGrants } from '../unsaved-grants.ts';
import type { AnyStatement } from './rewriting.ts';
import type { Cafe24World } from './world.ts';

/** Only the commits of grants have so many values. */
const COMMITS_GRANTS = '$11::jsonb';

/** Follows one process's grants from Cafe24's answer to where they are kept. */
export class GrantWatch {
  readonly #line: Line<Cafe24World>;
  readonly #unsaved: UnsavedGrants;

  constructor(line: Line<Cafe24World>) {
    this.#line = line;
    this.#unsaved = new UnsavedGrants(line);
  }

  readonly onGrant = ({ refreshToken }: Cafe24Grant): void => {
    this.#unsaved.came(refreshToken);
  };

  readonly statement = ({ text, values }: AnyStatement, rows: readonly unknown[]): void => {
    if (!text.includes(COMMITS_GRANTS)) return;
    const [token = ''] = values[3] as string[];
    const [row] = rows as { outcome?: string }[];
    if (row === undefined) return;
    if (row.outcome === 'overtaken') this.#line.process.world.ledger.overtaken(token);
    else this.#unsaved.saved(token, 'store');
  };

  readonly escrowed = ({ refreshToken }: Cafe24Grant): void => {
    this.#unsaved.saved(refreshToken, 'escrow');
  };
}
