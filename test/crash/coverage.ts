export interface StepCount {
  readonly visits: number;
  readonly stopsBefore: number;
  readonly stopsAfter: number;
}

export const NEVER: StepCount = { visits: 0, stopsBefore: 0, stopsAfter: 0 };

/** From so many runs on, each step of a flow must have been stopped {@link LEAST_STOPS} times. */
export const FULL_RUN = 10_000;
/** What a full run has to show of each step. */
export const LEAST_STOPS = 100;
/** A little more often than that, since a run that is to stop at a step need not come to it. */
const RUNS_PER_STOP = 70;
/** Steps that were stopped too rarely until now: a process that comes to one is stopped so likely. */
const HUNGRY_STOP = 0.4;

export function stopsOf({ stopsBefore, stopsAfter }: StepCount): number {
  return stopsBefore + stopsAfter;
}

/** The steps, as `role/step`, that were stopped too rarely in so many runs. */
export function hungrySteps(steps: ReadonlyMap<string, StepCount>, runs: number): string[] {
  return [...steps]
    .filter(([, count]) => stopsOf(count) * RUNS_PER_STOP < runs)
    .map(([name]) => name);
}

/** How often each step of one run was come to, and how often a process was stopped there. */
export class Coverage {
  readonly steps = new Map<string, StepCount>();
  /** Steps at which this run is likelier to stop, once each. */
  readonly hungry: readonly string[];

  constructor(hungry: readonly string[]) {
    this.hungry = hungry;
  }

  visit(role: string, name: string): void {
    const { visits, ...stops } = this.#count(role, name);
    this.steps.set(`${role}/${name}`, { ...stops, visits: visits + 1 });
  }

  stop(role: string, name: string, side: 'before' | 'after'): void {
    const count = this.#count(role, name);
    const key = side === 'before' ? 'stopsBefore' : 'stopsAfter';
    this.steps.set(`${role}/${name}`, { ...count, [key]: count[key] + 1 });
  }

  /** @param usual probability of a stop in this run's weather. */
  stopShare(role: string, name: string, usual: number): number {
    const isHungry =
      this.hungry.includes(`${role}/${name}`) && stopsOf(this.#count(role, name)) === 0;
    return isHungry ? Math.max(usual, HUNGRY_STOP) : usual;
  }

  #count(role: string, name: string): StepCount {
    return this.steps.get(`${role}/${name}`) ?? NEVER;
  }
}
