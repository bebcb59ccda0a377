import type { Lane } from './lanes.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Which function's process, and so which of its steps. */
export type Flow = 'exchange' | 'refresh' | 'warn' | 'recover';

/**
 * One process of one function: it lives until its deadline or until it is stopped. Stopped, it never
 * continues: its promises are abandoned, its connections cut, its module state is dropped.
 */
export class SimulatedProcess {
  readonly id: number;
  readonly flow: Flow;
  readonly deadlineMs: number;
  readonly lane: Lane;
  readonly world: World;
  readonly random: Random;
  isAlive = true;
  /** It was paused beyond its lease. */
  isZombie = false;
  /** Told of its death, not of its end. */
  onStop = (): void => undefined;
  #killAtMs: number;

  constructor(world: World, lane: Lane, options: { id: number; flow: Flow; lifeMs: number }) {
    this.world = world;
    this.lane = lane;
    this.id = options.id;
    this.flow = options.flow;
    this.random = world.random.fork(1_000 + options.id);
    this.deadlineMs = world.scheduler.nowMs + options.lifeMs;
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
    this.world.database.lanes.leave(this.lane);
    this.world.ledger.processDied(this, why);
    this.onStop();
  }

  /** It has done its work, and is gone. */
  end(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.world.ledger.processEnded(this);
    this.world.database.lanes.leave(this.lane);
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
    this.#killAtMs = Math.max(this.#killAtMs, this.world.scheduler.nowMs) + pauseMs;
    this.#armKill();
    this.world.note(this, `paused for ${(pauseMs / 1_000).toFixed(0)} s`);
    return pauseMs;
  }
}
