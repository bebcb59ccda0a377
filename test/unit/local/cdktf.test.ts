import path from 'node:path';
import { expect, test } from 'vitest';
import { localEnvironment } from '#infra/local/cdktf.ts';
import { localFolder } from '#infra/local/paths.ts';
import { LOCAL_AWS } from '#test/support/some-local-aws.ts';

test('cdktf and Terraform are told to leave nothing in the home folder', async () => {
  expect(await localEnvironment(LOCAL_AWS)).toMatchObject({
    CDKTF_HOME: path.join(localFolder, 'cdktf'),
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true',
    CHECKPOINT_DISABLE: '1',
  });
});
