const TEST_MALLS = 220;

/**
 * The malls of the local stage: one to play with, and `e2e-001` to `e2e-220` for tests, each of which
 * takes names of its own so that all can run side by side.
 */
export const LOCAL_MALLS: readonly string[] = [
  'demo-mall',
  ...Array.from({ length: TEST_MALLS }, (_, index) => `e2e-${String(index + 1).padStart(3, '0')}`),
];
