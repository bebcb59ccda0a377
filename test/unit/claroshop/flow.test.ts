import { describeClaroshopFlow } from '#test/support/claroshop/flow-suite.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';

describeClaroshopFlow('ClaroShop in memory', () => inMemoryStores().storesOf);
