import { afterAll, beforeAll, inject } from 'vitest';
import { describeStops } from '#test/support/claroshop/stops-suite.ts';
import { realStores } from '#test/support/claroshop/real-stores.ts';

let stores: Awaited<ReturnType<typeof realStores>>;
beforeAll(async () => {
  stores = await realStores(inject('localAws'));
});
afterAll(async () => {
  await stores.drop();
});

describeStops('DynamoDB and Parameter Store', () => stores.storesOf, [
  'with nothing stored',
  'whose refresh token is dead',
]);
