import { afterAll, beforeAll, inject } from 'vitest';
import { describeCrowd } from '#test/support/claroshop/crowd-suite.ts';
import { realStores } from '#test/support/claroshop/real-stores.ts';

let stores: Awaited<ReturnType<typeof realStores>>;
beforeAll(async () => {
  stores = await realStores(inject('localAws'));
});
afterAll(async () => {
  await stores.drop();
});

describeCrowd('DynamoDB and Parameter Store', () => stores.storesOf, {
  jitterMs: 0,
  answerMs: 400,
});
