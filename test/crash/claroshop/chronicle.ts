import type { Bundle } from '#shared/claroshop/bundle.ts';
import { bundleToNames } from '#shared/claroshop/names.ts';
import type { SimulatedProcess } from '../simulated-process.ts';

/** A bundle that was put. */
export interface PutBundle {
  readonly account: string;
  readonly version: number;
  readonly token: string;
  readonly attemptId: string;
  readonly isByZombie: boolean;
}

/** ClaroShop has refused an account's credentials. */
export interface Refusal {
  readonly account: string;
  readonly credentials: string;
  readonly attemptId: string;
  /** Its process has it, and has not died before the refusal was stored. */
  isLearned: boolean;
}

/** Something that a process knows and has to tell before it may end. */
interface Debt {
  readonly attemptId: string;
  /** The process was killed, or its stores were away until its time was over. */
  isExcused: boolean;
}

/**
 * `name-before-bundle`: a name says what no bundle had said. `let-go`: a grant was given up while an
 * older one was stored.
 */
interface Offence {
  readonly kind: 'name-before-bundle' | 'let-go';
  /** Whose grant it was. */
  readonly account?: string;
  readonly token?: string;
  readonly text: string;
}

interface GrantOf {
  readonly account: string;
  readonly token: string;
}

/** So near to its end nobody begins another try. */
const TIME_IS_OVER_MS = 1_500;

/** What really happened to the bundles, refusals and ends of all accounts, as only the test can know. */
export class Chronicle {
  readonly puts: PutBundle[] = [];
  readonly refusals: Refusal[] = [];
  readonly offences: Offence[] = [];
  /** Passwords that were asked although their refusal was stored. */
  readonly askedAgain: string[] = [];
  /** Refresh tokens that were shown again though what they had brought was stored. */
  readonly shownAgain: string[] = [];
  readonly #serials = new Map<string, number>();
  readonly #accountOfToken = new Map<string, string>();
  readonly #successors = new Map<string, string>();
  readonly #grantOfAttempt = new Map<string, GrantOf>();
  readonly #said = new Set<string>();
  readonly #remembered = new Set<string>();
  readonly #debts: Debt[] = [];
  readonly #owing = new Map<SimulatedProcess, Debt[]>();

  /** Grants in the order in which the provider issued them. */
  issued(account: string, tokens: readonly string[]): void {
    for (const token of tokens) {
      this.#serials.set(token, this.#serials.size + 1);
      this.#accountOfToken.set(token, account);
    }
  }

  accountOf(token: string): string {
    return this.#accountOfToken.get(token) ?? '';
  }

  /** A refresh token has brought a grant. */
  rotated(refreshToken: string, token: string): void {
    this.#successors.set(refreshToken, token);
  }

  /** @returns the grant that the refresh token has brought. */
  successorOf(refreshToken: string): string | undefined {
    return this.#successors.get(refreshToken);
  }

  serialOf(token: string | undefined): number {
    return (token !== undefined ? this.#serials.get(token) : undefined) ?? 0;
  }

  granted(attemptId: string, grant: GrantOf): void {
    this.#grantOfAttempt.set(attemptId, grant);
  }

  put(account: string, version: number, { bundle, isByZombie }: PutOf): void {
    const { access_token: token, attempt_id: attemptId } = bundle;
    this.puts.push({ account, version, token, attemptId, isByZombie });
    for (const { name, value } of bundleToNames(bundle, account)) {
      if (value !== undefined) this.#said.add(`${name}=${value}`);
    }
  }

  named(name: string, value: string): void {
    if (this.#said.has(`${name}=${value}`)) return;
    this.offences.push({ kind: 'name-before-bundle', text: name });
  }

  /**
   * The attempt's grant was called overtaken, or its escrow was deleted: something newer has to be
   * stored, or the grant itself has been.
   *
   * @returns the grant's token, `undefined` for an attempt that brought none.
   */
  letGo(attemptId: string): string | undefined {
    const grant = this.#grantOfAttempt.get(attemptId);
    if (grant === undefined) return undefined;
    const { account, token } = grant;
    if (this.puts.some((put) => put.token === token)) return token;
    const stored = this.puts.findLast((put) => put.account === account);
    if (this.serialOf(stored?.token) < this.serialOf(token)) {
      this.offences.push({ kind: 'let-go', account, token, text: `${account}: ${attemptId}` });
    }
    return token;
  }

  asks(account: string, credentials: string): void {
    if (this.#remembered.has(`${account} ${credentials}`)) this.askedAgain.push(account);
  }

  refused(refusal: Refusal): void {
    this.refusals.push(refusal);
  }

  /** The mark of an attempt's refusal is stored. */
  remembered(attemptId: string): void {
    for (const refusal of this.refusals) {
      if (refusal.attemptId !== attemptId) continue;
      refusal.isLearned = true;
      this.#remembered.add(`${refusal.account} ${refusal.credentials}`);
    }
  }

  /** An operator has deleted the mark, or others were accepted. */
  forgotten(account: string): void {
    for (const key of this.#remembered) {
      if (key.startsWith(`${account} `)) this.#remembered.delete(key);
    }
  }

  /** The process knows that this attempt ends without a grant. */
  owes(process: SimulatedProcess, attemptId: string): void {
    const debt = { attemptId, isExcused: false };
    this.#debts.push(debt);
    this.#owing.set(process, [...(this.#owing.get(process) ?? []), debt]);
  }

  processOver(process: SimulatedProcess, how: { readonly isKilled: boolean; isFaulted: boolean }) {
    const isLate = process.remainingMs() <= TIME_IS_OVER_MS;
    if (how.isKilled || (how.isFaulted && isLate)) {
      for (const debt of this.#owing.get(process) ?? []) debt.isExcused = true;
    }
    this.#owing.delete(process);
  }

  /** Attempts whose end without a grant had to be told. */
  get debts(): readonly string[] {
    return this.#debts.filter(({ isExcused }) => !isExcused).map(({ attemptId }) => attemptId);
  }
}

interface PutOf {
  readonly bundle: Bundle;
  readonly isByZombie: boolean;
}
