import { describeClaroshopFlow } from '#test/support/claroshop/flow-suite.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { describeUnrecognized } from '#test/support/claroshop/unrecognized-suite.ts';

describeClaroshopFlow('ClaroShop in memory', () => inMemoryStores().storesOf);
describeUnrecognized('ClaroShop in memory', () => inMemoryStores().storesOf);
