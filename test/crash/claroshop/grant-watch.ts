import type { Bundle } from '#shared/claroshop/bundle.ts';
import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import type { Attempt, FinishedAttempt, GrantToSave } from '#shared/grants/ports.ts';
import type { Line } from '../line.ts';
import { UnsavedGrants } from '../unsaved-grants.ts';
import type { StoreWatch, Told } from './stores.ts';
import type { ClaroshopWorld } from './world.ts';

/** Follows one process's grants from ClaroShop's answer to where they are kept. */
export class GrantWatch implements StoreWatch {
  readonly #line: Line<ClaroshopWorld>;
  readonly #unsaved: UnsavedGrants;
  #declared: Attempt | undefined;

  constructor(line: Line<ClaroshopWorld>) {
    this.#line = line;
    this.#unsaved = new UnsavedGrants(line);
  }

  /** What the process has declared last. */
  readonly current = (): Attempt => {
    if (this.#declared === undefined) throw new Error('ClaroShop is asked without an attempt.');
    return this.#declared;
  };

  readonly onGrant = ({ accessToken }: ClaroshopGrant): void => {
    this.#unsaved.came(accessToken);
  };

  readonly attempts: Told = (method, [first, second], result) => {
    const { chronicle } = this.#line.process.world;
    if (method === 'declare') this.#declared = first as Attempt;
    if (method === 'refuseCredentials' && (result as FinishedAttempt).outcome === 'refused') {
      chronicle.remembered(first as string);
    }
    if (method === 'commit' && (second as { outcome: string }).outcome === 'overtaken') {
      this.#overtaken((first as Attempt).attemptId);
    }
  };

  readonly escrow: Told = (method, [first, second]) => {
    const { chronicle } = this.#line.process.world;
    if (method === 'put') {
      const { grant } = second as GrantToSave<ClaroshopGrant>;
      this.#unsaved.saved(grant.accessToken, 'escrow');
    }
    if (method === 'delete') chronicle.letGo(first as string);
  };

  readonly put = (account: string, version: number, bundle: Bundle): void => {
    const { world, isZombie } = this.#line.process;
    world.chronicle.put(account, version, { bundle, isByZombie: isZombie });
    this.#unsaved.saved(bundle.access_token, 'store');
  };

  #overtaken(attemptId: string): void {
    const { chronicle, ledger } = this.#line.process.world;
    const token = chronicle.letGo(attemptId);
    if (token !== undefined) ledger.overtaken(token);
  }
}
