import { setImmediate as allThatIsDue } from 'node:timers/promises';
import { Agenda } from './agenda.ts';

/** Time that passes as fast as the work in it is done: half a day in seconds. */
export class VirtualTime {
  readonly #sleepers = new Agenda<() => void>();
  #nowMs: number;

  constructor(start = '2026-03-01T12:00:00.000Z') {
    this.#nowMs = Date.parse(start);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    return this.sleepUntil(this.#nowMs + ms);
  }

  sleepUntil(wakeMs: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.add(wakeMs, wake);
    });
  }

  /** Lets everybody who sleeps wake in turn, until nobody is left or `isOver`. */
  async run(isOver: () => boolean): Promise<void> {
    for (;;) {
      await allThatIsDue();
      if (this.#sleepers.nextMs === Infinity || isOver()) return;
      this.#nowMs = Math.max(this.#nowMs, this.#sleepers.nextMs);
      while (this.#sleepers.nextMs <= this.#nowMs) this.#sleepers.take().item();
    }
  }
}
