/** The mall to play with. */
export const DEMO_MALL = 'demo-mall';

const TEST_MALLS = 220;

/**
 * The malls of the local stage: one to play with, and `e2e-001` to `e2e-220` for tests, each of which
 * takes names of its own so that all can run side by side.
 */
export const LOCAL_MALLS: readonly string[] = [
  DEMO_MALL,
  ...Array.from({ length: TEST_MALLS }, (_, index) => `e2e-${String(index + 1).padStart(3, '0')}`),
];

/**
 * The ClaroShop accounts of the local stage: the one with the requirement's names, and three for
 * tests. All sign in as the same user, whose credentials the deploy stores for each.
 */
export const LOCAL_ACCOUNTS: readonly string[] = ['default', 'e2e-1', 'e2e-2', 'e2e-3'];
