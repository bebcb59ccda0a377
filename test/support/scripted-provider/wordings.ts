import type { Fault } from './wire-switches.ts';

/** A refusal as it is said, and what it means to whoever hears it. */
export interface Wording {
  readonly status: number;
  readonly error: string;
  readonly description?: string;
  /** `unrecognized`: in no table. */
  readonly means: 'refused' | 'misconfigured' | 'unrecognized';
}

/** For the switch `fault`: the refusal comes whatever was asked. */
export function refusalFault(
  { status, error, description }: Wording,
  afterIssuing = false,
): Extract<Fault, { kind: 'refusal' }> {
  return { kind: 'refusal', status, error, description, afterIssuing };
}
