import type { Flow } from '../flow.ts';
import { EVERY_STEP } from './steps.ts';
import { RISKS } from './verdict.ts';
import { VIOLATIONS } from './violations.ts';

export const CAFE24 = {
  name: 'cafe24',
  options: '--flow cafe24',
  steps: EVERY_STEP,
  risks: RISKS,
  violations: VIOLATIONS,
} as const satisfies Flow;
