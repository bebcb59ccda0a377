import type { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '#shared/errors.ts';
import { secretFrom } from '#shared/ssm/secret.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';

/** A Parameter Store that counts its reads; its answers are what the test says next. */
function parameterStore(...answers: (string | Error)[]) {
  const reads: string[] = [];
  const ssm = {
    send: (command: { input: { Name: string } }) => {
      reads.push(command.input.Name);
      const answer = answers[Math.min(reads.length, answers.length) - 1];
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve({ Parameter: { Value: answer } });
    },
  } as unknown as SSMClient;
  return { ssm, reads };
}

const source = { name: 'PGPASSWORD', value: undefined, parameter: '/tokenline/pgpassword' };

describe('secretFrom', () => {
  it('reads the parameter once while it is fresh', async () => {
    const { ssm, reads } = parameterStore('one');
    const secret = secretFrom(source, { ssm, clock: fixedClock().now });
    expect(await Promise.all([secret.read(), secret.read()])).toEqual(['one', 'one']);
    expect(reads).toEqual(['/tokenline/pgpassword']);
  });

  it('picks up a rotated secret after five minutes', async () => {
    const { ssm } = parameterStore('one', 'two');
    const clock = fixedClock();
    const secret = secretFrom(source, { ssm, clock: clock.now });
    expect(await secret.read()).toBe('one');
    clock.advanceSeconds(299);
    expect(await secret.read()).toBe('one');
    clock.advanceSeconds(1);
    expect(await secret.read()).toBe('two');
  });

  it.each([
    ['s3cret\n', 's3cret'],
    ['s3cret\r\n\r\n', 's3cret'],
    ['\u{FEFF}s3cret', 's3cret'],
    [' a secret ', ' a secret '],
    ['a,b', 'a,b'],
    ['two\nlines\n', 'two\nlines'],
  ])('takes what was pasted as it was meant: %j', async (value, meant) => {
    const clock = fixedClock().now;
    const { ssm } = parameterStore(value);
    expect(await secretFrom(source, { ssm, clock }).read()).toBe(meant);
    const fixed = { ...source, value, parameter: undefined };
    expect(await secretFrom(fixed, { ssm, clock }).read()).toBe(meant);
  });

  it.each(['\n', '\r\n', '\u{FEFF}'])('is no secret that is nothing else: %j', async (value) => {
    const { ssm } = parameterStore(value);
    const secret = secretFrom(source, { ssm, clock: fixedClock().now });
    await expect(secret.read()).rejects.toThrow(ConfigurationError);
  });

  it('reads afresh what was refused', async () => {
    const { ssm } = parameterStore('one', 'two');
    const secret = secretFrom(source, { ssm, clock: fixedClock().now });
    await secret.read();
    secret.forget();
    expect(await secret.read()).toBe('two');
  });

  it('does not keep a failure', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const { ssm } = parameterStore(throttled, 'one');
    const secret = secretFrom(source, { ssm, clock: fixedClock().now });
    await expect(secret.read()).rejects.toMatchObject({
      fate: 'retry',
      code: 'secret-unavailable',
    });
    expect(await secret.read()).toBe('one');
  });

  it.each(['ParameterNotFound', 'AccessDeniedException', 'InvalidKeyId'])(
    'calls it our own fault that nobody may read it, and tries again: %s',
    async (name) => {
      const refused = Object.assign(new Error('says who may not do what'), { name });
      const { ssm } = parameterStore(refused, 'mended');
      const secret = secretFrom(source, { ssm, clock: fixedClock().now });
      await expect(secret.read()).rejects.toMatchObject({
        code: 'misconfigured',
        fate: 'retry',
        message: `Can not read /tokenline/pgpassword. ${name}.`,
      });
      expect(await secret.read()).toBe('mended');
    },
  );

  it('takes the plain variable where no parameter is named', async () => {
    const { ssm, reads } = parameterStore();
    const plain = { name: 'PGPASSWORD', value: 'plain', parameter: undefined };
    expect(await secretFrom(plain, { ssm, clock: fixedClock().now }).read()).toBe('plain');
    expect(reads).toEqual([]);
  });

  it('lets no function start that has neither', () => {
    const { ssm } = parameterStore();
    const neither = { name: 'PGPASSWORD', value: undefined, parameter: undefined };
    expect(() => secretFrom(neither, { ssm, clock: fixedClock().now })).toThrow(ConfigurationError);
  });
});
