import path from 'node:path';
import { expect, test } from 'vitest';
import { localEnvironment } from '#infra/local/cdktf.ts';
import { localFolder } from '#infra/local/paths.ts';

const LOCAL_AWS = {
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

test('cdktf and Terraform are told to leave nothing in the home folder', async () => {
  expect(await localEnvironment(LOCAL_AWS)).toMatchObject({
    CDKTF_HOME: path.join(localFolder, 'cdktf'),
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true',
    CHECKPOINT_DISABLE: '1',
  });
});
