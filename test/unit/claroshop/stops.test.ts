import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { describeStops } from '#test/support/claroshop/stops-suite.ts';

describeStops('stores in memory', () => inMemoryStores().storesOf);
