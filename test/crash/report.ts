import type { StepCount } from './coverage.ts';
import type { ViolationKind } from './judge.ts';
import type { RunSummary } from './suite.ts';
import type { Risk } from './verdict.ts';

const RISKS: Readonly<Record<Risk, string>> = {
  a: '(a) the answer never reached the process',
  b: '(b) the process died before its first durable write',
  c: '(c) anything else',
  'both-stores-down': 'apart: both stores down until the deadline',
  'paused-beyond-lease': 'apart: a process paused beyond its lease',
  'code-reposted': "apart: a code posted again while a dead process's POST was under way",
  'revoked-by-mall': 'not at risk: the mall removed the application',
};

const VIOLATIONS: readonly ViolationKind[] = [
  'grant-lost',
  'wrong-mark',
  'dead-but-not-marked',
  'wrong-reason',
  'not-refreshed-after-healing',
  'double-redeem',
  'version-went-back',
  'stuck-code',
  'missing-outcome',
  'outcome-against-the-row',
  'open-attempt',
  'left-in-escrow',
  'message-without-fate',
  'secret-shown',
  'unforeseen-error',
];

/** The sum of many runs. */
export class Report {
  readonly firstSeed: number;
  runs = 0;
  zombieRuns = 0;
  posts = 0;
  readonly messages = { acknowledged: 0, retried: 0, rejected: 0 };
  readonly risks = new Map<Risk, number>();
  readonly steps = new Map<string, StepCount>();
  readonly failures: RunSummary[] = [];
  readonly #windowsMs: number[] = [];
  readonly #beganMs = performance.now();

  constructor(firstSeed: number) {
    this.firstSeed = firstSeed;
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
    this.#windowsMs.push(...run.windowsMs);
    if (run.violations.length > 0) this.failures.push(run);
  }

  violations(kind: ViolationKind): number {
    return this.failures.flatMap((run) => run.violations).filter((it) => it.kind === kind).length;
  }

  get windowMs(): { readonly p50: number; readonly p99: number; readonly max: number } {
    const sorted = [...this.#windowsMs].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  }

  toJson() {
    return {
      seed: this.firstSeed,
      runs: this.runs,
      zombieRuns: this.zombieRuns,
      seconds: Math.round((performance.now() - this.#beganMs) / 1_000),
      posts: this.posts,
      messages: this.messages,
      grantsAtRisk: Object.fromEntries(
        Object.keys(RISKS).map((risk) => [risk, this.risks.get(risk as Risk) ?? 0]),
      ),
      violations: Object.fromEntries(VIOLATIONS.map((kind) => [kind, this.violations(kind)])),
      unsavedWindowMs: this.windowMs,
      steps: Object.fromEntries([...this.steps].sort(([a], [b]) => a.localeCompare(b))),
      failures: this.failures.map(({ seed, violations }) => ({ seed, violations })),
    };
  }

  toText(): string {
    const { seed, runs, zombieRuns, seconds, posts, messages } = this.toJson();
    const { p50, p99, max } = this.windowMs;
    const ms = (value: number) => value.toFixed(1);
    return [
      `Crash suite: ${runs} runs from seed ${seed} in ${seconds} s (${zombieRuns} with pauses beyond leases)`,
      `  ${posts} requests to the provider; messages: ${messages.acknowledged} acknowledged, ` +
        `${messages.retried} retried, ${messages.rejected} rejected`,
      '',
      'Stops by step                          visits   before    after',
      ...this.#stepLines(),
      '',
      'Grants at risk',
      ...Object.entries(RISKS).map(([risk, text]) => line(text, this.risks.get(risk as Risk) ?? 0)),
      '',
      'Violations',
      ...VIOLATIONS.map((kind) => line(kind, this.violations(kind))),
      '',
      `Unsaved window (answer to durable, own work): p50 ${ms(p50)} ms, p99 ${ms(p99)} ms, max ${ms(max)} ms`,
      ...this.failures.slice(0, 20).map(failureLine),
    ].join('\n');
  }

  #stepLines(): string[] {
    return [...this.steps]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([step, { visits, stopsBefore, stopsAfter }]) =>
        [
          `  ${step.padEnd(34)}`,
          ...[visits, stopsBefore, stopsAfter].map((count) => String(count).padStart(8)),
        ].join(' '),
      );
  }

  #addStep(step: string, { visits, stopsBefore, stopsAfter }: StepCount): void {
    const sum = this.steps.get(step) ?? { visits: 0, stopsBefore: 0, stopsAfter: 0 };
    this.steps.set(step, {
      visits: sum.visits + visits,
      stopsBefore: sum.stopsBefore + stopsBefore,
      stopsAfter: sum.stopsAfter + stopsAfter,
    });
  }
}

const line = (text: string, count: number) => `  ${text.padEnd(76)} ${String(count).padStart(6)}`;

function failureLine({ seed, violations }: RunSummary): string {
  const told = violations.map(({ kind, text }) => `${kind} (${text})`).join(', ');
  return `✘ seed ${seed}: ${told}\n  npm run test:crash -- --seed ${seed} --runs 1`;
}
