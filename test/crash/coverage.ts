import type { Flow } from './simulated-process.ts';
import { EVERY_STEP } from './steps.ts';

export interface StepCount {
  readonly visits: number;
  readonly stopsBefore: number;
  readonly stopsAfter: number;
}

export const NEVER: StepCount = { visits: 0, stopsBefore: 0, stopsAfter: 0 };

/** What a full run of 10,000 runs has to show of each step. */
export const LEAST_STOPS = 100;
/** A little more often than that, since a run that is to stop at a step need not come to it. */
const RUNS_PER_STOP = 70;
/** Steps that were stopped too rarely until now: a process that comes to one is stopped so likely. */
const HUNGRY_STOP = 0.4;

export function stopsOf({ stopsBefore, stopsAfter }: StepCount): number {
  return stopsBefore + stopsAfter;
}

/** The steps, as `flow/step`, that were stopped too rarely in so many runs. */
export function hungrySteps(steps: ReadonlyMap<string, StepCount>, runs: number): string[] {
  const names = [...new Set([...EVERY_STEP, ...steps.keys()])];
  return names.filter((name) => stopsOf(steps.get(name) ?? NEVER) * RUNS_PER_STOP < runs);
}

/** How often each step of one run was come to, and how often a process was stopped there. */
export class Coverage {
  readonly steps = new Map<string, StepCount>();
  /** Steps at which this run is likelier to stop, once each. */
  readonly hungry: readonly string[];

  constructor(hungry: readonly string[]) {
    this.hungry = hungry;
  }

  visit(flow: Flow, name: string): void {
    const { visits, ...stops } = this.#count(flow, name);
    this.steps.set(`${flow}/${name}`, { ...stops, visits: visits + 1 });
  }

  stop(flow: Flow, name: string, side: 'before' | 'after'): void {
    const count = this.#count(flow, name);
    const key = side === 'before' ? 'stopsBefore' : 'stopsAfter';
    this.steps.set(`${flow}/${name}`, { ...count, [key]: count[key] + 1 });
  }

  /** @param usual probability of a stop in this run's weather. */
  stopShare(flow: Flow, name: string, usual: number): number {
    const isHungry =
      this.hungry.includes(`${flow}/${name}`) && stopsOf(this.#count(flow, name)) === 0;
    return isHungry ? Math.max(usual, HUNGRY_STOP) : usual;
  }

  #count(flow: Flow, name: string): StepCount {
    return this.steps.get(`${flow}/${name}`) ?? NEVER;
  }
}
