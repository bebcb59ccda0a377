import { defineConfig } from 'vitest/config';
import './infra/local/own-environment.ts';
import { LongestFirst } from './test/support/longest-first.ts';

/**
 * Test files with a local AWS that run at once: they wait more than they compute, so that more of
 * them than there are cores are done sooner. Each takes names, malls and databases of its own.
 */
const beside = { maxWorkers: 4, sequence: { groupOrder: 1 } };
/** Each starts local AWSs of its own, up to two at once: with another such, too much for two cores. */
const oneByOne = { maxWorkers: 1, sequence: { groupOrder: 2 } };
/** Bounded by time: what shares the machine with them takes runs from them. Each computes on a core. */
const undisturbed = { maxWorkers: 2, sequence: { groupOrder: 3 } };
/** While one of these runs, nothing else of the stack works. */
const alone = { maxWorkers: 1, sequence: { groupOrder: 4 } };

/** `npm run test:mutations` runs them too, with a mistake in what they test. */
export const unitTests = {
  name: 'unit',
  // They only compute.
  maxWorkers: '100%',
  // They change nothing that another file sees, so that a worker loads each module once.
  isolate: false,
  include: ['test/unit/**/*.test.ts'],
  setupFiles: ['test/support/no-network.ts'],
  // The stack's tests load cdktf and bundle all functions: seconds on a busy machine.
  testTimeout: 20_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    // Stopping a local AWS on a busy machine takes longer than the 10 s that are usual.
    teardownTimeout: 30_000,
    projects: [
      { test: unitTests },
      {
        test: {
          name: 'integration',
          ...beside,
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/local-aws-setup.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'starts',
          ...oneByOne,
          include: ['test/starts/**/*.test.ts'],
          globalSetup: ['test/support/local-aws-setup.ts'],
          testTimeout: 90_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'crash',
          ...undisturbed,
          include: ['test/crash/**/*.test.ts'],
          globalSetup: ['test/support/local-aws-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          ...beside,
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/deployed-stack-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'kills',
          ...alone,
          include: ['test/kills/**/*.test.ts'],
          globalSetup: ['test/support/deployed-stack-setup.ts'],
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'outages',
          ...alone,
          include: ['test/outages/**/*.test.ts'],
          globalSetup: ['test/support/deployed-stack-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
