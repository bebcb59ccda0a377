import { describe, expect, it } from 'vitest';
import { ssmError, ssmMeaning } from '#shared/ssm/ssm-errors.ts';
import { awsError, documentedErrors } from '#test/support/aws-answers/documented-errors.ts';

const CALLS = ['PutParameter', 'GetParameter', 'GetParameters', 'DeleteParameter'];
const documented = CALLS.flatMap((call) => documentedErrors('@aws-sdk/client-ssm', call));

describe('an error of Parameter Store', () => {
  it('has a meaning in the table, whichever AWS documents for the calls that we make', () => {
    expect(documented).toContain('TooManyUpdates');
    expect(documented.filter((name) => ssmMeaning(name) === undefined)).toEqual([]);
  });

  it.each([
    ['ParameterMaxVersionLimitExceeded', 'parameter-refused', 'reject'],
    ['SerializationException', 'parameter-refused', 'reject'],
    ['AccessDeniedException', 'misconfigured', 'retry'],
    ['TooManyUpdates', 'ssm-unavailable', 'retry'],
    ['AnythingElse', 'ssm-unavailable', 'retry'],
  ])('%s is %s', (name, code, fate) => {
    expect(ssmError(awsError(name), '/claroshop/token')).toMatchObject({ code, fate });
  });

  it('names the parameter that was refused, and nothing that AWS quotes of its value', () => {
    const error = ssmError(awsError('ValidationException'), '/claroshop/token');
    expect(error.message).toContain('/claroshop/token');
    expect(error.cause).toBeUndefined();
  });
});
