import { describeCrowd } from '#test/support/claroshop/crowd-suite.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';

describeCrowd('stores in memory', () => inMemoryStores().storesOf, {
  jitterMs: 3,
  answerMs: 25,
});
