import { describe, expect, it } from 'vitest';
import { Config as ReceiveConfig } from '#functions/receive-cafe24-code/config.ts';
import { Config as StartConfig } from '#functions/start-cafe24-authorization/config.ts';

const POSTGRES = {
  PGHOST: 'database.example',
  PGPORT: '5432',
  PGUSER: 'tokenline',
  PGDATABASE: 'tokenline',
  PGSSLMODE: 'verify-full',
  PGPASSWORD_PARAMETER: '/tokenline/password',
};
const START = {
  ...POSTGRES,
  CAFE24_API_URL: 'https://{mallId}.cafe24api.com',
  CAFE24_CLIENT_ID: 'client',
  CAFE24_MALLS: 'demo-mall,other-mall',
  CAFE24_REDIRECT_URI: 'https://tokenline.example/cafe24/callback',
  CAFE24_SCOPES: 'mall.read_product,mall.read_order',
};
const RECEIVE = {
  ...POSTGRES,
  BUS_NAME: 'tokenline',
  CAFE24_REDIRECT_URI: 'https://tokenline.example/cafe24/callback',
};

describe('the configuration of an authorization', () => {
  it('is complete without Cafe24’s client secret, which nobody needs before the exchange', () => {
    expect(StartConfig.safeParse(START).error).toBeUndefined();
    expect(ReceiveConfig.safeParse(RECEIVE).error).toBeUndefined();
  });

  it.each(['mall.read_product, mall.read_order', 'mall.read_product mall.read_order', '', 'a,,b'])(
    'does not take the scopes %j, which Cafe24 would refuse',
    (scopes) => {
      const { error } = StartConfig.safeParse({ ...START, CAFE24_SCOPES: scopes });
      expect(error?.issues.map(({ path }) => path)).toEqual([['CAFE24_SCOPES']]);
    },
  );
});
