import type { Bundle } from '#shared/claroshop/bundle.ts';
import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import type { Attempt, GrantToSave } from '#shared/grants/ports.ts';
import type { Line } from '../line.ts';
import type { StoreWatch } from './stores.ts';
import type { ClaroshopWorld } from './world.ts';

/** Follows one process's grants from ClaroShop's answer to where they are kept. */
export class GrantWatch implements StoreWatch {
  readonly #line: Line<ClaroshopWorld>;
  /** When each grant came, in ms of the process's own work, and in virtual time. */
  readonly #cameAt = new Map<string, { readonly workedMs: number; readonly nowMs: number }>();
  #declared: Attempt | undefined;

  constructor(line: Line<ClaroshopWorld>) {
    this.#line = line;
  }

  /** What the process has declared last. */
  readonly current = (): Attempt => {
    if (this.#declared === undefined) throw new Error('ClaroShop is asked without an attempt.');
    return this.#declared;
  };

  readonly onGrant = ({ accessToken }: ClaroshopGrant): void => {
    this.#cameAt.set(accessToken, this.#now());
  };

  readonly attempts = (method: string, [first, second]: readonly unknown[]): void => {
    const { chronicle } = this.#line.process.world;
    if (method === 'declare') this.#declared = first as Attempt;
    if (method === 'refuseCredentials') chronicle.remembered(first as string);
    if (method === 'commit' && (second as { outcome: string }).outcome === 'overtaken') {
      this.#overtaken((first as Attempt).attemptId);
    }
  };

  readonly escrow = (method: string, [first, second]: readonly unknown[]): void => {
    const { chronicle } = this.#line.process.world;
    if (method === 'put') {
      const { grant } = second as GrantToSave<ClaroshopGrant>;
      this.#saved(grant.accessToken, 'escrow');
    }
    if (method === 'delete') chronicle.letGo(first as string);
  };

  readonly put = (account: string, version: number, bundle: Bundle): void => {
    const { world, isZombie } = this.#line.process;
    world.chronicle.put(account, version, { bundle, isByZombie: isZombie });
    this.#saved(bundle.access_token, 'store');
  };

  #overtaken(attemptId: string): void {
    const { chronicle, ledger } = this.#line.process.world;
    const token = chronicle.letGo(attemptId);
    if (token !== undefined) ledger.overtaken(token);
  }

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
