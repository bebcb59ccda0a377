import type { Flow } from './simulated-process.ts';

/** Steps at which a stop is made likelier, as `flow/step`. */
const RARE = new Set<string>([
  ...['close', 'end-lease', 'escrow-delete', 'escrow-put', 'escrow-read', 'read-finished'].flatMap(
    (name) => ['exchange', 'refresh', 'recover'].map((flow) => `${flow}/${name}`),
  ),
  ...[
    'transaction',
    'take-lease',
    'decide',
    'commit',
    'commit-grant',
    'publish',
    'mark-published',
  ].map((name) => `recover/${name}`),
  ...['attempts-of-version', 'mark', 'is-there-a-row', 'commit-grant'].map((it) => `refresh/${it}`),
  ...['why-not', 'commit-grant'].map((name) => `exchange/${name}`),
  ...['publish-warnings', 'confirm-warned'].map((name) => `warn/${name}`),
]);

export interface StepCount {
  visits: number;
  stopsBefore: number;
  stopsAfter: number;
}

/** How often each step was come to, and how often a process was stopped there. */
export class Coverage {
  readonly steps = new Map<string, StepCount>();

  visit(flow: Flow, name: string): void {
    this.#count(flow, name).visits += 1;
  }

  stop(flow: Flow, name: string, side: 'before' | 'after'): void {
    this.#count(flow, name)[side === 'before' ? 'stopsBefore' : 'stopsAfter'] += 1;
  }

  isRare(flow: Flow, name: string): boolean {
    return RARE.has(`${flow}/${name}`);
  }

  #count(flow: Flow, name: string): StepCount {
    const key = `${flow}/${name}`;
    const count = this.steps.get(key) ?? { visits: 0, stopsBefore: 0, stopsAfter: 0 };
    this.steps.set(key, count);
    return count;
  }
}
