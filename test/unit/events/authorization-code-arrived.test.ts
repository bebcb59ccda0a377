import { describe, expect, it } from 'vitest';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';

const parse = (detail: unknown) => AuthorizationCodeArrived.schema.safeParse(detail);
const pathsOf = (detail: unknown) => parse(detail).error?.issues.map(({ path }) => path.join('.'));

describe('AuthorizationCodeArrived', () => {
  it.each([42, '42'])('takes a code id as number or string (%j)', (codeId) => {
    expect(parse({ mallId: 'demo-mall', codeId }).data).toEqual({
      mallId: 'demo-mall',
      codeId: '42',
    });
  });

  it('takes a code of 4096 bytes', () => {
    expect(parse({ mallId: 'demo-mall', code: 'c'.repeat(4096) }).success).toBe(true);
  });

  it.each([
    ['a missing mall', { codeId: 1 }, ['mallId']],
    ['a mall that is no host label', { mallId: 'evil.example/', codeId: 1 }, ['mallId']],
    ['a mall in capitals', { mallId: 'Demo', codeId: 1 }, ['mallId']],
    ['neither code nor id', { mallId: 'demo-mall' }, ['code']],
    ['both', { mallId: 'demo-mall', codeId: 1, code: 'c' }, ['code']],
    ['a code id of the wrong type', { mallId: 'demo-mall', codeId: {} }, ['codeId']],
    ['a negative code id', { mallId: 'demo-mall', codeId: -1 }, ['codeId']],
    ['a code over 4 KB', { mallId: 'demo-mall', code: 'c'.repeat(4097) }, ['code']],
    ['an empty code', { mallId: 'demo-mall', code: '' }, ['code']],
    ['a code with a control character', { mallId: 'demo-mall', code: 'a\u0000' }, ['code']],
    ['two faults', { mallId: 7, code: 7 }, ['mallId', 'code']],
  ])('names the field of %s', (_, detail, paths) => {
    expect(pathsOf(detail)).toEqual(paths);
  });
});
