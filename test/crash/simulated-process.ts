import type { Random } from './random.ts';
import type { World } from './world.ts';

interface ProcessOptions {
  /** Which function's process, and so which of its steps. */
  readonly role: string;
  readonly lifeMs: number;
  /** Lets go of what it holds outside of itself, e.g. its connections; told of death and end alike. */
  readonly leave?: () => void;
}

/**
 * One process of one function: it lives until its deadline or until it is stopped. Stopped, it never
 * continues: its promises are abandoned, its connections cut, its module state is dropped.
 */
export class SimulatedProcess<Around extends World = World> {
  readonly id: number;
  readonly role: string;
  readonly deadlineMs: number;
  readonly world: Around;
  readonly random: Random;
  isAlive = true;
  /** It was paused beyond its lease. */
  isZombie = false;
  pausedUntilMs = 0;
  /** Told of its death, not of its end. */
  onStop = (): void => undefined;
  readonly #leave: () => void;
  #killAtMs: number;

  constructor(world: Around, { role, lifeMs, leave = () => undefined }: ProcessOptions) {
    this.world = world;
    this.id = world.nextProcessId();
    this.role = role;
    this.#leave = leave;
    this.random = world.random.fork(1_000 + this.id);
    this.deadlineMs = world.scheduler.nowMs + lifeMs;
    this.#killAtMs = this.deadlineMs;
    this.#armKill();
  }

  remainingMs(): number {
    return Math.max(0, this.deadlineMs - this.world.scheduler.nowMs);
  }

  stop(why: string): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.world.note(this, `† ${why}`);
    this.#leave();
    this.world.ledger.processDied(this, why);
    this.onStop();
  }

  /** It has done its work, and is gone. */
  end(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.world.ledger.processEnded(this);
    this.#leave();
  }

  /** Lambda ends a process at its deadline; one that is paused is ended so much later. */
  #armKill(): void {
    const killAtMs = this.#killAtMs;
    this.world.scheduler.at(killAtMs, () => {
      if (this.#killAtMs === killAtMs) this.stop('deadline');
    });
  }

  /** @returns how long it is paused from here on. */
  drawPauseMs(call: { readonly inTransaction?: boolean }): number {
    const { weather, isHealed } = this.world;
    if (isHealed || call.inTransaction === true) return 0;
    if (weather.pause === 0 || !this.random.chance(weather.pause)) return 0;
    const pauseMs = this.random.between(5_000, 150_000);
    this.isZombie = true;
    this.pausedUntilMs = Math.ceil(this.world.scheduler.nowMs + pauseMs);
    this.#killAtMs = Math.max(this.#killAtMs, this.world.scheduler.nowMs) + pauseMs;
    this.#armKill();
    this.world.note(this, `paused for ${(pauseMs / 1_000).toFixed(0)} s`);
    return pauseMs;
  }
}
