import type { LocalAws } from '#infra/local/local-aws.ts';

/** Where nobody listens. */
export const LOCAL_AWS: LocalAws = {
  instanceId: 'an-instance',
  endpointUrl: 'http://127.0.0.1:4566',
  region: 'us-east-1',
  accountId: '000000000000',
  postgres: { host: '127.0.0.1', port: 5432, user: 'it', password: 'p', database: 'tokenline' },
  cafe24: {
    apiUrl: 'http://127.0.0.1:1/{mallId}',
    controlUrl: 'http://127.0.0.1:1',
    clientId: 'c',
    clientSecret: 's',
    redirectUri: 'http://127.0.0.1:1/redirect',
  },
  claroshop: {
    tokenUrl: 'http://127.0.0.1:2',
    controlUrl: 'http://127.0.0.1:2',
    username: 'u',
    password: 'p',
  },
};
