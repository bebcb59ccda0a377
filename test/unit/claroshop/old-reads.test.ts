import { describeCrowd } from '#test/support/claroshop/crowd-suite.ts';
import { describeClaroshopFlow } from '#test/support/claroshop/flow-suite.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { describeInterleavings } from '#test/support/claroshop/interleavings-suite.ts';
import { describeStops } from '#test/support/claroshop/stops-suite.ts';

/** Parameter Store is eventually consistent: the flow is the same however many reads are old. */
const title = (reads: number) => `after a change ${String(reads)} reads are old`;
const storesOf = (reads: number) => () => inMemoryStores(reads).storesOf;

for (const reads of [1, 3]) {
  describeClaroshopFlow(title(reads), storesOf(reads));
  describeStops(title(reads), storesOf(reads));
}
describeInterleavings(title(2), storesOf(2));
describeCrowd(title(2), storesOf(2), { jitterMs: 3, answerMs: 25 });
