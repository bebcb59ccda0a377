import type { Flow } from '../flow.ts';
import { EVERY_STEP } from './steps.ts';
import { RISKS } from './verdict.ts';
import { VIOLATIONS } from './violations.ts';

export const CLAROSHOP = {
  name: 'claroshop',
  options: '--flow claroshop',
  steps: EVERY_STEP,
  risks: RISKS,
  violations: VIOLATIONS,
} as const satisfies Flow;

/** Its steps are the requests that the real adapters make, as they come. */
export const CLAROSHOP_ON_DYNAMODB = {
  ...CLAROSHOP,
  options: '--flow claroshop --stores dynamodb',
  steps: [],
} as const satisfies Flow;
