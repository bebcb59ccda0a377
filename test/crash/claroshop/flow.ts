import type { Flow } from '../flow.ts';
import { EVERY_STEP } from './steps.ts';
import { RISKS } from './verdict.ts';
import { VIOLATIONS } from './violations.ts';

export const CLAROSHOP = {
  name: 'claroshop',
  steps: EVERY_STEP,
  risks: RISKS,
  violations: VIOLATIONS,
} as const satisfies Flow;
