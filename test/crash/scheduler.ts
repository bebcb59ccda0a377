/** One line of work: it runs until it asks for its next turn. */
export interface Strand {
  /** Its process is no more: it never gets another turn. */
  isAbandoned(): boolean;
}

/** A turn that takes longer may wait for a lock that somebody else's open transaction holds. */
const ASK_AFTER_MS = 3;
/** With somebody at work, time does not jump further than this. */
const PATIENCE_MS = 50;
const MICROTASKS = 60;
const STUCK_AFTER_MS = 20_000;

interface Happening {
  readonly atMs: number;
  readonly serial: number;
  readonly act: () => unknown;
}

/**
 * Virtual time, and turns: of all strands one runs at a time, in the order of their times, until it
 * asks for its next turn. So a schedule follows from the delays, and these from a seed.
 *
 * What does not follow: a turn that waits for a lock in Postgres lets the others go on, and when it
 * comes back depends on the server.
 */
export class Scheduler {
  nowMs: number;
  readonly #happenings: Happening[] = [];
  readonly #busy = new Set<Strand>();
  #serial = 0;
  #wake = (): void => undefined;

  readonly #isBlocked: () => Promise<boolean>;

  /** @param isBlocked whether anything waits for a lock now. */
  constructor(startMs: number, isBlocked: () => Promise<boolean>) {
    this.nowMs = startMs;
    this.#isBlocked = isBlocked;
  }

  get now(): Date {
    return new Date(this.nowMs);
  }

  at(atMs: number, act: () => unknown): void {
    this.#serial += 1;
    push(this.#happenings, { atMs: Math.round(atMs), serial: this.#serial, act });
  }

  /** Resolves when it is the strand's turn, `delayMs` from now; never, once it is abandoned. */
  turn(strand: Strand, delayMs: number): Promise<void> {
    this.done(strand);
    return new Promise((resolve) => {
      this.at(this.nowMs + delayMs, () =>
        strand.isAbandoned() ? undefined : this.run(strand, resolve),
      );
    });
  }

  /** Lets the strand work until it asks for a turn, is done, or waits for a lock. */
  async run(strand: Strand, resume: () => void): Promise<void> {
    this.#busy.add(strand);
    resume();
    const isDone = () => !this.#busy.has(strand);
    while (!(await this.#until(isDone, ASK_AFTER_MS)) && !(await this.#isBlocked())) {
      // Slow, not blocked: its turn goes on.
    }
  }

  /** The strand works no more, for now or for ever. */
  done(strand: Strand): void {
    this.#busy.delete(strand);
    this.#wake();
  }

  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      const next = this.#happenings[0];
      if (this.#busy.size > 0 && (next?.atMs ?? Infinity) > this.nowMs + PATIENCE_MS) {
        await this.#someoneYields();
        continue;
      }
      if (next === undefined || next.atMs > endMs) break;
      pop(this.#happenings);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      await next.act();
    }
    this.nowMs = endMs;
  }

  async #someoneYields(): Promise<void> {
    const before = this.#busy.size;
    const isStill = () => this.#busy.size === before && before > 0;
    if (!(await this.#until(() => !isStill(), STUCK_AFTER_MS))) {
      throw new Error('A process waits for something that the scheduler does not know.');
    }
  }

  async #until(isMet: () => boolean, withinMs: number): Promise<boolean> {
    // Work that calls nobody is over after a few microtasks.
    for (let ticks = 0; ticks < MICROTASKS && !isMet(); ticks++) await Promise.resolve();
    const endMs = performance.now() + withinMs;
    while (!isMet()) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return false;
      await this.#wokenWithin(leftMs);
    }
    return true;
  }

  #wokenWithin(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const isBefore = (a: Happening, b: Happening) =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.serial < b.serial);

function push(heap: Happening[], happening: Happening): void {
  let at = heap.length;
  heap.push(happening);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (isBefore(heap[parent]!, happening)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = happening;
}

function pop(heap: Happening[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (isBefore(last, heap[child]!)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
