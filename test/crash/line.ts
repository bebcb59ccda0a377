import { DependencyUnavailableError } from '#shared/errors.ts';
import type { Strand } from './scheduler.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { isAway, type Place } from './skies.ts';
import type { World } from './world.ts';

/** One call that leaves the process. */
export interface Call<Result> {
  readonly name: string;
  readonly place: Place;
  /** Virtual time until it is done, and again until its answer is there. */
  readonly latencyMs?: number;
  /** Within a transaction nobody pauses: the server would end it. */
  readonly inTransaction?: boolean;
  /** When its answer counts as lost, in an error of the caller's own kind. */
  readonly failure?: (cause: string) => Error;
  readonly perform: () => Promise<Result>;
}

type Ending = 'pass' | 'stop-before' | 'stop-after' | 'fail' | 'lose-answer';

/** One record, or the whole of a scheduled run: calls follow one another. */
export class Line<Around extends World = World> implements Strand {
  readonly process: SimulatedProcess<Around>;
  /** Real time of its own work, without the waits for its turns; ms. */
  workedMs = 0;
  #turnBeganMs = performance.now();

  constructor(process: SimulatedProcess<Around>) {
    this.process = process;
  }

  isAbandoned(): boolean {
    return !this.process.isAlive;
  }

  start(work: () => Promise<unknown>): Promise<void> {
    const { scheduler } = this.process.world;
    return scheduler.run(this, () => {
      this.#turnBeganMs = performance.now();
      void work().finally(() => {
        this.process.end();
        scheduler.done(this);
      });
    });
  }

  async turn(delayMs: number): Promise<void> {
    this.workedMs += performance.now() - this.#turnBeganMs;
    await this.process.world.scheduler.turn(this, delayMs);
    this.#turnBeganMs = performance.now();
  }

  /**
   * Calls back in so much virtual time, beside what the line waits for; not while its process is paused.
   *
   * @returns cancels that.
   */
  timer(ms: number, act: () => void): () => void {
    const { process } = this;
    const { scheduler } = process.world;
    let isCancelled = false;
    const ring = async () => {
      if (isCancelled || !process.isAlive) return;
      if (process.pausedUntilMs > scheduler.nowMs) arm(process.pausedUntilMs);
      else await scheduler.run(this, act);
    };
    const arm = (atMs: number) => {
      scheduler.at(atMs, ring);
    };
    arm(scheduler.nowMs + ms);
    return () => (isCancelled = true);
  }

  /** Real ms of its own work until now. */
  worked(): number {
    return this.workedMs + performance.now() - this.#turnBeganMs;
  }

  /** Makes a call whose fate the weather decides. */
  async call<Result>(call: Call<Result>): Promise<Result> {
    const ending = await this.before(call);
    const result = await this.perform(call);
    await this.after(call, ending);
    return result;
  }

  /** Up to the moment at which the call is made. */
  async before<Result>(call: Call<Result>): Promise<Ending> {
    const { process } = this;
    const { random, world } = process;
    const ending = this.#drawEnding(call);
    await this.turn((call.latencyMs ?? random.between(1, 8)) + process.drawPauseMs(call));
    world.coverage.visit(process.role, call.name);
    if (ending === 'stop-before') return await this.#stopHere(call.name, 'before');
    const isGone = !world.isHealed && isAway(world.weather, call.place, world.scheduler.nowMs);
    if (ending !== 'fail' && !isGone) return ending;
    world.ledger.faulted(process, call.place);
    world.note(process, `${call.name} fails`);
    await this.turn(random.between(20, 1_000));
    throw failureOf(call, 'not reached');
  }

  async perform<Result>({ name, perform }: Call<Result>): Promise<Result> {
    const { process } = this;
    try {
      const result = await perform();
      if (!process.isAlive) return await this.#neverReturn();
      process.world.note(process, name);
      return result;
    } catch (error) {
      if (!process.isAlive) return await this.#neverReturn();
      process.world.note(process, `${name} failed: ${error instanceof Error ? error.message : ''}`);
      throw error;
    }
  }

  /** From the moment at which it was done to the arrival of its answer. */
  async after<Result>(call: Call<Result>, ending: Ending): Promise<void> {
    const { random, world } = this.process;
    if (ending === 'stop-after') await this.#stopHere(call.name, 'after');
    if (ending === 'lose-answer') {
      world.ledger.faulted(this.process, call.place);
      world.note(this.process, `${call.name} is done, its answer lost`);
      await this.turn(random.between(200, 1_000));
      throw failureOf(call, 'answer lost');
    }
    await this.turn(random.between(0, 4));
  }

  #drawEnding({ name, place }: Call<unknown>): Ending {
    const { random, world, role } = this.process;
    const drawn = random.next();
    const isBefore = random.chance(0.5);
    if (world.isHealed) return 'pass';
    const { weather, coverage } = world;
    const stop = coverage.stopShare(role, name, weather.stop);
    const limits: [Ending, number][] = [
      [isBefore ? 'stop-before' : 'stop-after', stop],
      ['fail', weather.fail[place] ?? 0],
      ['lose-answer', weather.loseAnswer[place] ?? 0],
    ];
    let sum = 0;
    for (const [ending, share] of limits) {
      sum += share;
      if (drawn < sum) return ending;
    }
    return 'pass';
  }

  async #stopHere(name: string, side: 'before' | 'after'): Promise<never> {
    const { process } = this;
    process.world.coverage.stop(process.role, name, side);
    process.stop(`stopped ${side} ${name}`);
    return await this.#neverReturn();
  }

  #neverReturn(): Promise<never> {
    this.process.world.scheduler.done(this);
    return new Promise(() => undefined);
  }
}

function failureOf({ place, failure }: Call<unknown>, cause: string): Error {
  return (
    failure?.(cause) ??
    new DependencyUnavailableError(`${place}-unavailable`, `Simulated: ${place} ${cause}.`)
  );
}
