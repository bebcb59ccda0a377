import type { SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { credentialsSources } from '#shared/claroshop/credentials-source.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';

/** The credentials of a further account, while Parameter Store answers with this error. */
function readWhile(name: string) {
  const answer = Object.assign(new Error('says who may not do what'), { name });
  const ssm = { send: () => Promise.reject(answer) } as unknown as SSMClient;
  const config = {
    CLAROSHOP_TOKEN_URL: 'https://login.example/token',
    CLAROSHOP_USERNAME: undefined,
    CLAROSHOP_PASSWORD: undefined,
    CLAROSHOP_USERNAME_PARAMETER: '/tokenline/username',
    CLAROSHOP_PASSWORD_PARAMETER: '/tokenline/password',
    CLAROSHOP_ACCOUNTS: ['two'],
  };
  return credentialsSources(['two'], config, { ssm, clock: fixedClock().now })('two').read();
}

it.each(['ParameterNotFound', 'AccessDeniedException', 'InvalidKeyId'])(
  'credentials that can not be read for our own fault are called so, and tried again: %s',
  async (name) => {
    const fault = { code: 'misconfigured', fate: 'retry' };
    await expect(readWhile(name)).rejects.toMatchObject(fault);
    await expect(readWhile(name)).rejects.toThrow(`/tokenline/username/two. ${name}`);
  },
);

it.each(['ThrottlingException', 'TimeoutError', 'InternalServerError'])(
  'credentials are away for a while only: %s',
  async (name) => {
    const away = { code: 'secret-unavailable', fate: 'retry' };
    await expect(readWhile(name)).rejects.toMatchObject(away);
  },
);
