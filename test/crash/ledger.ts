import type { SimulatedProcess } from './simulated-process.ts';
import type { Place } from './skies.ts';

/**
 * What became of a grant that the provider issued. `unreached`: its answer never came to the
 * process, or after the time-out (kind a). `died-unsaved`: the process died before its first durable
 * write was applied (kind b). `both-stores-down`: neither store took it until the deadline.
 * `given-up`: the process had it and let it go, which nothing excuses (kind c).
 */
export type GrantFate =
  | 'under-way'
  | 'unreached'
  | 'in-hand'
  | 'died-unsaved'
  | 'both-stores-down'
  | 'given-up'
  | 'saved'
  | 'overtaken';

export interface IssuedGrant {
  /** Of its tokens the one by which it is known. */
  readonly token: string;
  fate: GrantFate;
}

/** One request to the provider. */
export interface Post {
  /** Whose grant it asks for: a mall or an account. */
  readonly subject: string;
  readonly grantType: string;
  /** Where its flow says it. */
  readonly attemptId?: string;
  readonly process: SimulatedProcess;
  readonly sentMs: number;
  isUnderWay: boolean;
}

/** Where a grant can be kept: the store of grants, and the one that takes what that can't. */
export type Stores = readonly [grants: Place, escrow: Place];

/** What really happened to grants and requests, as nobody but the test can know. */
export class Ledger {
  readonly stores: Stores;
  readonly grants = new Map<string, IssuedGrant>();
  readonly posts: Post[] = [];
  doubleRedeems = 0;
  readonly #hands = new Map<SimulatedProcess, Set<IssuedGrant>>();
  readonly #faulted = new Map<SimulatedProcess, Set<Place>>();

  constructor(stores: Stores) {
    this.stores = stores;
  }

  post(post: Post): void {
    const isDouble = this.posts.some(
      (other) =>
        other.isUnderWay &&
        other.subject === post.subject &&
        other.grantType === post.grantType &&
        leaseHolds(other, post.sentMs) &&
        leaseHolds(post, post.sentMs),
    );
    if (isDouble) this.doubleRedeems += 1;
    this.posts.push(post);
  }

  /**
   * @param tokens all that the provider ever issued to somebody.
   * @returns those that are new since the last time.
   */
  discover(tokens: readonly string[]): readonly string[] {
    const issued = tokens.filter((token) => !this.grants.has(token));
    for (const token of issued) this.grants.set(token, { token, fate: 'under-way' });
    return issued;
  }

  reached(process: SimulatedProcess, token: string): void {
    const grant = this.#known(token);
    if (grant.fate === 'saved') return;
    grant.fate = 'in-hand';
    const hand = this.#hands.get(process) ?? new Set();
    this.#hands.set(process, hand.add(grant));
    this.#faulted.delete(process);
  }

  unreached(token: string): void {
    const grant = this.#known(token);
    if (grant.fate === 'under-way') grant.fate = 'unreached';
  }

  saved(token: string): void {
    this.#known(token).fate = 'saved';
  }

  overtaken(token: string): void {
    const grant = this.#known(token);
    if (grant.fate !== 'saved') grant.fate = 'overtaken';
  }

  faulted(process: SimulatedProcess, place: Place): void {
    const faulted = this.#faulted.get(process) ?? new Set();
    this.#faulted.set(process, faulted.add(place));
  }

  /** Whether anything failed since the process got its grant. */
  isFaulted(process: SimulatedProcess): boolean {
    return this.#faulted.has(process);
  }

  /** Whether a call to this place failed since the process got its grant, or since it began. */
  hasFailed(process: SimulatedProcess, place: Place): boolean {
    return this.#faulted.get(process)?.has(place) === true;
  }

  processDied(process: SimulatedProcess, why: string): void {
    const fate = why === 'deadline' ? this.#fateAtDeadline(process) : 'died-unsaved';
    this.#letGo(process, fate);
  }

  /** The process has ended by itself: what it holds now is lost. */
  processEnded(process: SimulatedProcess): void {
    this.#letGo(process, this.#fateAtDeadline(process));
  }

  #letGo(process: SimulatedProcess, fate: GrantFate): void {
    for (const grant of this.#hands.get(process) ?? []) {
      if (grant.fate === 'in-hand') grant.fate = fate;
    }
    this.#hands.delete(process);
  }

  #fateAtDeadline(process: SimulatedProcess): GrantFate {
    const faulted = this.#faulted.get(process);
    const bothWereDown = this.stores.every((store) => faulted?.has(store) === true);
    return bothWereDown ? 'both-stores-down' : 'given-up';
  }

  #known(token: string): IssuedGrant {
    const grant = this.grants.get(token);
    if (grant === undefined) throw new Error('A grant that the provider never issued.');
    return grant;
  }
}

function leaseHolds({ process }: Post, nowMs: number): boolean {
  return nowMs < process.deadlineMs;
}
