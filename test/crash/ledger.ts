import type { SimulatedProcess } from './simulated-process.ts';
import type { Place } from './skies.ts';

/**
 * What became of a grant that the provider issued. `unreached`: its answer never came to the
 * process, or after the time-out (kind a). `died-unsaved`: the process died before its first durable
 * write was applied (kind b). `useless`: the provider's answer had spent what it was asked with, and
 * brought it cut or as nothing that may be kept. `both-stores-down`: both stores had failed up to the deadline.
 * `given-up`: the process had it and let it go, which nothing excuses (kind c). `paused`: the same of
 * a process that was paused, and so lived beyond its lease.
 */
export type GrantFate =
  | 'under-way'
  | 'unreached'
  | 'useless'
  | 'in-hand'
  | 'died-unsaved'
  | 'both-stores-down'
  | 'given-up'
  | 'paused'
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

/** With so little left no further try begins: whoever ends sooner has given up. */
const LAST_TRY_MS = 1_000;
/** A store whose last failure is older was not tried until the deadline: each has its turn in this time. */
const STILL_TRIED_MS = 6_000;

/** What really happened to grants and requests, as nobody but the test can know. */
export class Ledger {
  readonly stores: Stores;
  readonly grants = new Map<string, IssuedGrant>();
  readonly posts: Post[] = [];
  doubleRedeems = 0;
  readonly #hands = new Map<SimulatedProcess, Set<IssuedGrant>>();
  /** When a call failed last, by place. */
  readonly #faulted = new Map<SimulatedProcess, Map<Place, number>>();

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
    // An answer that is no use may name a token that was never issued.
    const grant = this.grants.get(token);
    if (grant?.fate === 'under-way') grant.fate = 'unreached';
  }

  /** Its answer is none that may be kept; should a later one bring it, it is like any other. */
  useless(token: string): void {
    const grant = this.#known(token);
    if (grant.fate === 'under-way') grant.fate = 'useless';
  }

  saved(token: string): void {
    this.#known(token).fate = 'saved';
  }

  overtaken(token: string): void {
    const grant = this.#known(token);
    if (grant.fate !== 'saved') grant.fate = 'overtaken';
  }

  faulted(process: SimulatedProcess, place: Place): void {
    const faulted = this.#faulted.get(process) ?? new Map<Place, number>();
    this.#faulted.set(process, faulted.set(place, process.world.scheduler.nowMs));
  }

  /** Grants that a process let go without excuse. */
  get givenUp(): readonly IssuedGrant[] {
    return [...this.grants.values()].filter(({ fate }) => fate === 'given-up');
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
    this.#letGo(process, why === 'deadline' ? this.#fateAtDeadline(process) : 'died-unsaved');
  }

  /** The process has ended by itself: what it holds now is lost. */
  processEnded(process: SimulatedProcess): void {
    const isEarly = process.remainingMs() > LAST_TRY_MS;
    this.#letGo(process, isEarly ? 'given-up' : this.#fateAtDeadline(process));
  }

  #letGo(process: SimulatedProcess, fate: GrantFate): void {
    for (const grant of this.#hands.get(process) ?? []) {
      if (grant.fate !== 'in-hand') continue;
      grant.fate = fate === 'given-up' && process.isZombie ? 'paused' : fate;
    }
    this.#hands.delete(process);
  }

  #fateAtDeadline(process: SimulatedProcess): GrantFate {
    const faulted = this.#faulted.get(process);
    const { nowMs } = process.world.scheduler;
    const isTried = (store: Place) => nowMs - (faulted?.get(store) ?? -Infinity) < STILL_TRIED_MS;
    return this.stores.every(isTried) ? 'both-stores-down' : 'given-up';
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
