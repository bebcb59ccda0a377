import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { claroshopTokens } from '#client/index.ts';
import { type SsmControl, ssmControl } from '#test/support/ssm-control.ts';

const account = `reader-${process.pid}`;
const Name = `/claroshop/accounts/${account}/token`;

let ssm: SSMClient;
let control: SsmControl;
beforeAll(() => {
  const { endpointUrl, region } = inject('localAws');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ssm = new SSMClient({ endpoint: endpointUrl, region, credentials, maxAttempts: 2 });
  control = ssmControl(endpointUrl);
});
afterEach(async () => {
  await control.heal(Name);
  await ssm.send(new DeleteParameterCommand({ Name })).catch(() => undefined);
});
afterAll(() => {
  ssm.destroy();
});

async function store(access_token: string, livesSeconds = 300) {
  const now = Date.now();
  const bundle = {
    access_token,
    token_type: 'Bearer',
    expires_in: livesSeconds,
    obtained_at: new Date(now).toISOString(),
    expires_at: new Date(now + livesSeconds * 1000).toISOString(),
    attempt_id: '5f2c1d0e-8a4b-4c6d-9e7f-1a2b3c4d5e6f',
  };
  await ssm.send(
    new PutParameterCommand({
      Name,
      Value: JSON.stringify(bundle),
      Type: 'SecureString',
      Tier: 'Intelligent-Tiering',
      Overwrite: true,
    }),
  );
}
const reader = () => {
  const reported: unknown[] = [];
  const tokens = claroshopTokens({
    ssm,
    publisher: { publish: (_, detail) => Promise.resolve(void reported.push(detail)) },
  });
  return { ...tokens, reported };
};
const readsOf = async () =>
  (await control.calls(Name)).filter(({ operation }) => operation === 'GetParameter').length;

describe('client/ on Parameter Store', () => {
  it('reads an encrypted bundle of more than 4 KB, and its version', async () => {
    await store('x'.repeat(5_000));
    await store('y'.repeat(5_000));
    expect(await reader().claroshopToken(account)).toMatchObject({
      account,
      accessToken: 'y'.repeat(5_000),
      version: 2,
    });
  });

  it('asks once, however many callers come and how often', async () => {
    await store('access');
    const { claroshopToken } = reader();
    const before = await readsOf();
    await Promise.all(Array.from({ length: 20 }, () => claroshopToken(account)));
    await claroshopToken(account);
    expect((await readsOf()) - before).toBe(1);
  });

  it('tells an account without a bundle from one whose token has ended', async () => {
    const { claroshopToken } = reader();
    await expect(claroshopToken(account)).rejects.toMatchObject({ reason: 'no-grant' });
    await store('access', 4);
    await expect(claroshopToken(account)).rejects.toMatchObject({ reason: 'expired' });
    await store('access');
    expect(await claroshopToken(account)).toMatchObject({ accessToken: 'access' });
  });

  it('has what SSM throttles repeated by the SDK, and passes on what stays so', async () => {
    await store('access');
    const fault = {
      operation: 'GetParameter',
      prefix: Name,
      error: 'ThrottlingException',
    } as const;
    await control.fail({ ...fault, times: 1 });
    expect(await reader().claroshopToken(account)).toMatchObject({ accessToken: 'access' });
    await control.fail({ ...fault, times: 2 });
    await expect(reader().claroshopToken(account)).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
  });

  it('asks for a new token when ClaroShop refused one, and finds it', async () => {
    await store('refused');
    const { claroshopToken, reportRejected, reported } = reader();
    await reportRejected(await claroshopToken(account));
    expect(reported).toMatchObject([
      { provider: 'claroshop', account, version: 1, reason: 'rejected' },
    ]);
    await store('new');
    expect(await claroshopToken(account)).toMatchObject({ accessToken: 'new', version: 2 });
  });
});
