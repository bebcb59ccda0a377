import type { Coverage } from './coverage.ts';
import type { UnsavedWindow } from './windows.ts';

/** Something that the judge found; kinds are a flow's own. */
export interface Violation {
  readonly kind: string;
  readonly text: string;
}

export interface Judgement {
  readonly violations: readonly Violation[];
  /** Why grants were lost, a word of the flow's risks for each. */
  readonly risks: readonly string[];
}

export interface RunResult extends Judgement {
  readonly windows: readonly UnsavedWindow[];
  readonly posts: number;
  readonly messages: Readonly<Record<'acknowledged' | 'retried' | 'rejected', number>>;
  readonly trace: readonly string[];
}

/** What a run follows from, beside the weather that its flow makes of the seed. */
export interface SeededRun {
  readonly seed: number;
  readonly zombies: boolean;
  readonly coverage: Coverage;
}

/** Does one run, from nothing to the judgement. */
export type Driver = (run: SeededRun) => Promise<RunResult>;

/** What a flow's report consists of, each word with its line. */
export interface Flow {
  readonly name: FlowName;
  /** With which the suite runs it. */
  readonly options: string;
  /** Every step, as `role/step`: a full run stops each of them often. */
  readonly steps: readonly string[];
  readonly risks: Readonly<Record<string, string>>;
  readonly violations: Readonly<Record<string, string>>;
}

export const FLOW_NAMES = ['cafe24', 'claroshop'] as const;
export type FlowName = (typeof FLOW_NAMES)[number];
