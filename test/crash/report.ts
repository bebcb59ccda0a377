import { FULL_RUN, hungrySteps, LEAST_STOPS, NEVER, stopsOf, type StepCount } from './coverage.ts';
import type { Flow } from './flow.ts';
import type { RunSummary } from './suite.ts';
import { percentilesOf, type UnsavedWindow } from './windows.ts';

type WindowKind = 'stored' | 'afterFaults' | 'escrowed';

function kindOf({ where, isAfterFault }: UnsavedWindow): WindowKind {
  if (where === 'escrow') return 'escrowed';
  return isAfterFault ? 'afterFaults' : 'stored';
}

/** The sum of many runs. */
export class Report {
  readonly flow: Flow;
  readonly firstSeed: number;
  runs = 0;
  zombieRuns = 0;
  posts = 0;
  readonly messages = { acknowledged: 0, retried: 0, rejected: 0 };
  readonly risks = new Map<string, number>();
  readonly steps: Map<string, StepCount>;
  readonly failures: RunSummary[] = [];
  readonly #windows: Record<WindowKind, UnsavedWindow[]> = {
    stored: [],
    afterFaults: [],
    escrowed: [],
  };
  readonly #beganMs = performance.now();

  constructor(flow: Flow, firstSeed: number) {
    this.flow = flow;
    this.firstSeed = firstSeed;
    this.steps = new Map(flow.steps.map((step) => [step, NEVER]));
  }

  add(run: RunSummary): void {
    this.runs += 1;
    if (run.isZombie) this.zombieRuns += 1;
    this.posts += run.posts;
    for (const risk of run.risks) this.risks.set(risk, (this.risks.get(risk) ?? 0) + 1);
    for (const fate of ['acknowledged', 'retried', 'rejected'] as const) {
      this.messages[fate] += run.messages[fate];
    }
    for (const [step, count] of Object.entries(run.steps)) this.#addStep(step, count);
    for (const window of run.windows) this.#windows[kindOf(window)].push(window);
    if (run.violations.length > 0) this.failures.push(run);
  }

  /** What the next run is to be told: the steps that were stopped too rarely until now. */
  get hungry(): string[] {
    return hungrySteps(this.steps, this.runs);
  }

  /** Whether it shows what it is for: no violation, and of a full run that every step was stopped often. */
  get isGood(): boolean {
    const stepsOfFlow = this.flow.steps.map((step) => this.steps.get(step) ?? NEVER);
    const isCovered = stepsOfFlow.every((count) => stopsOf(count) >= LEAST_STOPS);
    return this.failures.length === 0 && (this.runs < FULL_RUN || isCovered);
  }

  violations(kind: string): number {
    return this.failures.flatMap((run) => run.violations).filter((it) => it.kind === kind).length;
  }

  toJson() {
    return {
      flow: this.flow.name,
      seed: this.firstSeed,
      runs: this.runs,
      zombieRuns: this.zombieRuns,
      seconds: Math.round((performance.now() - this.#beganMs) / 1_000),
      posts: this.posts,
      messages: this.messages,
      grantsAtRisk: countsOf(this.flow.risks, (risk) => this.risks.get(risk) ?? 0),
      violations: countsOf(this.flow.violations, (kind) => this.violations(kind)),
      unsavedWindowMs: ownWorkOf(this.#windows.stored),
      unsavedWindowAfterFaultsMs: ownWorkOf(this.#windows.afterFaults),
      unsavedWindowToEscrowMs: ownWorkOf(this.#windows.escrowed),
      /** With the simulated waits. */
      unsavedWindowToEscrowInAllMs: percentilesOf(
        this.#windows.escrowed.map(({ ms, waitedMs }) => ms + waitedMs),
      ),
      steps: [...this.steps]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([step, count]) => ({ step, ...count })),
      stoppedTooRarely: [...this.steps]
        .filter(([, count]) => stopsOf(count) < LEAST_STOPS)
        .map(([step, count]) => ({ step, stops: stopsOf(count) })),
      failures: this.failures.map(({ seed, hungry, violations }) => ({ seed, hungry, violations })),
    };
  }

  #addStep(step: string, { visits, stopsBefore, stopsAfter }: StepCount): void {
    const sum = this.steps.get(step) ?? NEVER;
    this.steps.set(step, {
      visits: sum.visits + visits,
      stopsBefore: sum.stopsBefore + stopsBefore,
      stopsAfter: sum.stopsAfter + stopsAfter,
    });
  }
}

const ownWorkOf = (windows: readonly UnsavedWindow[]) => percentilesOf(windows.map(({ ms }) => ms));

function countsOf(
  texts: Readonly<Record<string, string>>,
  count: (key: string) => number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.keys(texts).map((key) => [key, count(key)]));
}
