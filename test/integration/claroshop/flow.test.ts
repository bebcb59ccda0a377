import { afterAll, beforeAll, inject } from 'vitest';
import { describeClaroshopFlow } from '#test/support/claroshop/flow-suite.ts';
import { realStores } from '#test/support/claroshop/real-stores.ts';
import { describeUnrecognized } from '#test/support/claroshop/unrecognized-suite.ts';

let stores: Awaited<ReturnType<typeof realStores>>;
beforeAll(async () => {
  stores = await realStores(inject('localAws'));
});
afterAll(async () => {
  await stores.drop();
});

describeClaroshopFlow('ClaroShop in DynamoDB and Parameter Store', () => stores.storesOf);
describeUnrecognized('ClaroShop in DynamoDB and Parameter Store', () => stores.storesOf);
