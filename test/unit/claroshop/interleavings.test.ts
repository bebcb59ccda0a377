import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { describeInterleavings } from '#test/support/claroshop/interleavings-suite.ts';

describeInterleavings('stores in memory', () => inMemoryStores().storesOf);
