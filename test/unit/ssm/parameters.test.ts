import { ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { ssmParameters } from '#shared/ssm/parameters.ts';
import * as answers from '#test/support/aws-answers/ssm.ts';

/** Parameter Store with one answer. */
function storeAnswering(answer: object) {
  const send = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  return ssmParameters({ send } as unknown as SSMClient);
}

const Name = '/claroshop/token';

describe('Parameter Store, as AWS documents its answers', () => {
  it('gives what is there by name, with every type, and leaves out what is not', async () => {
    const found = (['String', 'StringList', 'SecureString'] as const).map((Type) =>
      answers.ssmParameter({ Name: `/claroshop/${Type}`, Type, Value: 'a,b', Version: 7 }),
    );
    const read = await storeAnswering(answers.ssmParameters(found, ['/claroshop/scope'])).read([]);
    expect([...read.values()]).toEqual(
      ['String', 'StringList', 'SecureString'].map((type) => {
        return { name: `/claroshop/${type}`, value: 'a,b', version: 7, type };
      }),
    );
  });

  it('gives nothing where nothing is: empty lists, or none', async () => {
    const { $metadata } = answers.ssmPut(1);
    for (const answer of [answers.ssmParameters([], [Name]), { $metadata }]) {
      expect((await storeAnswering(answer).read([Name])).size).toBe(0);
    }
  });

  it('answers a put with its version, whatever the tier', async () => {
    const put = storeAnswering(answers.ssmPut(12)).put({ name: Name, value: 'x', type: 'String' });
    expect(await put).toBe(12);
  });

  it('has nothing to delete where it finds no parameter', async () => {
    const { $metadata } = answers.ssmPut(1);
    const gone = new ParameterNotFound({ message: '', $metadata });
    await expect(storeAnswering(gone).delete(Name)).resolves.toBeUndefined();
  });
});
