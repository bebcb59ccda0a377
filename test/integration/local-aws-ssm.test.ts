import {
  GetParameterCommand,
  GetParametersCommand,
  type ParameterTier,
  type ParameterType,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type SsmControl, ssmControl } from '#test/support/ssm-control.ts';

const FOLDER = '/local-aws-ssm/';
let ssm: SSMClient;
let control: SsmControl;
beforeAll(() => {
  const { endpointUrl, region } = inject('localAws');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ssm = new SSMClient({ endpoint: endpointUrl, region, credentials, maxAttempts: 1 });
  control = ssmControl(endpointUrl);
});
afterEach(() => control.heal(FOLDER));
afterAll(() => {
  ssm.destroy();
});

interface Options {
  readonly Type?: ParameterType;
  readonly Tier?: ParameterTier;
  readonly Overwrite?: boolean;
}
const put = (name: string, Value: string, options: Options = {}) =>
  ssm.send(
    new PutParameterCommand({
      Name: FOLDER + name,
      Value,
      Type: 'String',
      Overwrite: true,
      ...options,
    }),
  );
const read = async (name: string) =>
  (await ssm.send(new GetParameterCommand({ Name: FOLDER + name }))).Parameter;
/** The name of the error, or how it went. */
const outcome = (answer: Promise<unknown>) =>
  answer.then(
    () => 'done',
    (error: unknown) => (error as Error).name,
  );

describe('the Parameter Store of the local AWS', () => {
  it('keeps 4 KB in the standard tier and 8 KB in the advanced one', async () => {
    expect(await put('size', 'x'.repeat(4096))).toMatchObject({ Tier: 'Standard' });
    expect(await outcome(put('size', 'x'.repeat(4097)))).toBe('ValidationException');
    const Tier = 'Intelligent-Tiering';
    expect(await put('size', 'x'.repeat(4097), { Tier })).toMatchObject({ Tier: 'Advanced' });
    expect(await put('size', 'x', { Tier })).toMatchObject({ Tier: 'Advanced' });
    expect(await outcome(put('size', 'x', { Tier: 'Standard' }))).toBe('ValidationException');
    expect(await outcome(put('size', 'x'.repeat(8193), { Tier }))).toBe('ValidationException');
    expect(await read('size')).toMatchObject({ Value: 'x', Version: 3 });
  });

  it('does not change the type of a parameter', async () => {
    await put('type', 'a');
    expect(await outcome(put('type', 'b', { Type: 'SecureString' }))).toBe(
      'HierarchyTypeMismatchException',
    );
    const updated = new PutParameterCommand({ Name: `${FOLDER}type`, Value: 'c', Overwrite: true });
    await ssm.send(updated);
    expect(await read('type')).toMatchObject({ Type: 'String', Value: 'c', Version: 2 });
  });

  it('wants a type for a new parameter, and a value for any', async () => {
    const untyped = new PutParameterCommand({ Name: `${FOLDER}new`, Value: 'x', Overwrite: true });
    expect(await outcome(ssm.send(untyped))).toBe('ValidationException');
    expect(await outcome(put('new', ''))).toBe('ValidationException');
    expect(await outcome(read('new'))).toBe('ParameterNotFound');
  });

  it('takes no value that nests another parameter', async () => {
    expect(await outcome(put('nest', 'a {{x}}'))).toBe('ValidationException');
    expect(await outcome(put('nest', '{"a":"{\\u007bx}}"}'))).toBe('done');
  });

  it('overwrites nothing unless it is told to', async () => {
    const first = { Overwrite: false };
    expect(await outcome(put('once', 'a', first))).toBe('done');
    expect(await outcome(put('once', 'b', first))).toBe('ParameterAlreadyExists');
    expect(await outcome(put('once', 'b', { ...first, Type: 'SecureString' }))).toBe(
      'ParameterAlreadyExists',
    );
    expect(await read('once')).toMatchObject({ Value: 'a', Version: 1 });
  });

  it('takes no name with a space', async () => {
    expect(await outcome(put('no such', 'x'))).toBe('ValidationException');
  });

  it('gives every put that it takes a version of its own, however many come at once', async () => {
    await put('crowd', 'first');
    const answers = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => put('crowd', `value-${index}`)),
    );
    const versions = answers.flatMap((answer) =>
      answer.status === 'fulfilled' ? [answer.value.Version] : [],
    );
    expect(new Set(versions).size).toBe(versions.length);
    expect((await read('crowd'))?.Version).toBe(versions.length + 1);
    for (const answer of answers) {
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ name: 'TooManyUpdates' });
    }
  });
});

describe('faults on demand', () => {
  it('meet the calls that they are for, do nothing, and end', async () => {
    await put('fault', 'a');
    const fault = { operation: 'PutParameter', prefix: `${FOLDER}fault`, times: 1 } as const;
    await control.fail({ ...fault, error: 'TooManyUpdates' });
    await control.fail({ ...fault, error: 'ThrottlingException' });
    expect(await outcome(put('other', 'b'))).toBe('done');
    expect(await outcome(put('fault', 'b'))).toBe('TooManyUpdates');
    expect(await read('fault')).toMatchObject({ Value: 'a' });
    expect(await outcome(put('fault', 'b'))).toBe('ThrottlingException');
    expect(await outcome(put('fault', 'b'))).toBe('done');
  });

  it('leave a fault that the SDK repeats and one that it does not', async () => {
    const { endpointUrl, region } = inject('localAws');
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const usual = new SSMClient({ endpoint: endpointUrl, region, credentials });
    const command = () =>
      usual.send(
        new PutParameterCommand({
          Name: `${FOLDER}retry`,
          Value: 'x',
          Type: 'String',
          Overwrite: true,
        }),
      );
    const fault = { operation: 'PutParameter', prefix: `${FOLDER}retry`, times: 1 } as const;
    await control.fail({ ...fault, error: 'ThrottlingException' });
    expect(await outcome(command())).toBe('done');
    await control.fail({ ...fault, error: 'TooManyUpdates' });
    expect(await outcome(command())).toBe('TooManyUpdates');
    usual.destroy();
    expect((await control.calls(`${FOLDER}retry`)).map(({ error }) => error)).toEqual([
      'ThrottlingException',
      null,
      'TooManyUpdates',
    ]);
  });

  it('make the first reads after a put old ones, as long as they are to', async () => {
    await control.lag(`${FOLDER}old`, 2);
    await put('old', 'a');
    expect(await outcome(read('old'))).toBe('ParameterNotFound');
    expect(
      (await ssm.send(new GetParametersCommand({ Names: [`${FOLDER}old`] }))).Parameters,
    ).toEqual([]);
    expect(await read('old')).toMatchObject({ Value: 'a', Version: 1 });
    await put('old', 'b');
    expect(await read('old')).toMatchObject({ Value: 'a', Version: 1 });
    await control.lag(`${FOLDER}old`, 0);
    expect(await read('old')).toMatchObject({ Value: 'b', Version: 2 });
  });

  it('come with a record of the calls', async () => {
    await put('seen/a', 'a');
    const names = ['seen/a', 'seen/b'].map((name) => FOLDER + name);
    await ssm.send(new GetParametersCommand({ Names: names }));
    expect(await control.calls(`${FOLDER}seen/`)).toEqual([
      { operation: 'PutParameter', names: [`${FOLDER}seen/a`], error: null },
      { operation: 'GetParameters', names, error: null },
    ]);
  });

  it('are refused by name when they make no sense', async () => {
    const fault = { operation: 'PutParameter', prefix: FOLDER, error: 'Explosion', times: 1 };
    await expect(control.fail(fault as never)).rejects.toThrow(/error/);
  });
});
