import type { MallMemory } from '#test/support/cafe24-provider/memory.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Place } from './weather.ts';

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
  readonly refreshToken: string;
  fate: GrantFate;
}

/** One request to the provider. */
export interface Post {
  readonly mallId: string;
  readonly grantType: string;
  readonly process: SimulatedProcess;
  readonly sentMs: number;
  isUnderWay: boolean;
}

/** What really happened to grants and requests, as nobody but the test can know. */
export class Ledger {
  readonly grants = new Map<string, IssuedGrant>();
  readonly posts: Post[] = [];
  /** Families that the provider revoked because a dead process's code arrived after its successor's. */
  readonly repostedFamilies = new Set<string>();
  doubleRedeems = 0;
  readonly #hands = new Map<SimulatedProcess, Set<IssuedGrant>>();
  readonly #faulted = new Map<SimulatedProcess, Set<Place>>();

  post(post: Post): void {
    const isDouble = this.posts.some(
      (other) =>
        other.isUnderWay &&
        other.mallId === post.mallId &&
        other.grantType === post.grantType &&
        leaseHolds(other, post.sentMs) &&
        leaseHolds(post, post.sentMs),
    );
    if (isDouble) this.doubleRedeems += 1;
    this.posts.push(post);
  }

  /** @returns the refresh tokens that the provider has issued since the last time. */
  discover({ families }: MallMemory): readonly string[] {
    const issued = families
      .flatMap(({ pairs }) => pairs)
      .map(({ refreshToken }) => refreshToken)
      .filter((refreshToken) => !this.grants.has(refreshToken));
    for (const refreshToken of issued) {
      this.grants.set(refreshToken, { refreshToken, fate: 'under-way' });
    }
    return issued;
  }

  reposted(mallId: string, familyIds: readonly string[]): void {
    for (const id of familyIds) this.repostedFamilies.add(`${mallId}/${id}`);
  }

  reached(process: SimulatedProcess, refreshToken: string): void {
    const grant = this.#known(refreshToken);
    if (grant.fate === 'saved') return;
    grant.fate = 'in-hand';
    const hand = this.#hands.get(process) ?? new Set();
    this.#hands.set(process, hand.add(grant));
    this.#faulted.delete(process);
  }

  unreached(refreshToken: string): void {
    const grant = this.#known(refreshToken);
    if (grant.fate === 'under-way') grant.fate = 'unreached';
  }

  saved(refreshToken: string): void {
    this.#known(refreshToken).fate = 'saved';
  }

  overtaken(refreshToken: string): void {
    const grant = this.#known(refreshToken);
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
    const bothWereDown = faulted?.has('database') === true && faulted.has('escrow');
    return bothWereDown ? 'both-stores-down' : 'given-up';
  }

  #known(refreshToken: string): IssuedGrant {
    const grant = this.grants.get(refreshToken);
    if (grant === undefined) throw new Error('A grant that the provider never issued.');
    return grant;
  }
}

function leaseHolds({ process }: Post, nowMs: number): boolean {
  return nowMs < process.deadlineMs;
}
