import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { readStageConfig, STAGE_VARIABLES } from '#infra/config.ts';
import { FUNCTION_CONFIGS } from '#infra/function-configs.ts';
import { DEV_ENVIRONMENT, LOCAL_ENVIRONMENT, synthesize } from '#test/support/synthesized-stack.ts';

/** A production with a pool and a table that were there before. */
const ADOPTING_ENVIRONMENT = {
  ...DEV_ENVIRONMENT,
  STAGE: 'prod',
  DYNAMODB_TABLE: 'FileSlaErrors',
  COGNITO_USER_POOL_ID: 'eu-west-1_AbC',
  COGNITO_CLIENT_ID: 'client',
};

function problemsOf(changes: Record<string, string>): string[] {
  try {
    readStageConfig({ ...ADOPTING_ENVIRONMENT, ...changes });
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

/** Seen at deployers, and what is near to it: each is right for some variable and wrong for others. */
const TEXTS = [
  'Central Standard Time (Mexico)',
  'America/Mexico_City',
  'https://{mallId}.cafe24api.com',
  'https://{mallId}.cafe24api.com/',
  'https://{mallId}.cafe24api.com/api/v2',
  'https://{mallId}.Cafe24api.com',
  'http://{mallId}.cafe24api.com',
  'example.com/cb',
  'https://example.com/callback',
  'https://example.com/callback#here',
  'https://login.example.com/token',
  'https://login.example.com/token?x=1',
  'http://login.example.com/token',
  'ftp://example.com',
  '0',
  '1',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  ' 5',
  '99999',
  '9999999999',
  '/tokenline/secret',
  '/claroshop/secret',
  'secret',
  'ab',
  'FileSlaErrors',
  'mall-one',
  'mall-one,No_Mall',
  'No_Mall',
  'a b',
  'eu-west-1_AbC',
  'id',
  'disable',
  'arn:aws:kms:eu-west-1:123456789012:key/1',
  'https://issuer-cognito-idp.us-east-1.amazonaws.com',
  'http://127.0.0.1:4566',
];

const SHARED = Object.entries(FUNCTION_CONFIGS).flatMap(([name, { shape }]) =>
  Object.entries(shape as Record<string, z.ZodType>)
    .filter(([variable]) => STAGE_VARIABLES.includes(variable))
    // A deployer's region and its form are judged for AWS, not for us.
    .filter(([variable]) => variable !== 'AWS_REGION')
    .map(([variable, schema]) => ({ name, variable, schema })),
);

describe('a variable is judged at the deploy as by the function that reads it', () => {
  test('which are many', () => {
    expect(new Set(SHARED.map(({ variable }) => variable)).size).toBeGreaterThan(20);
  });

  test.each(SHARED)('$variable of $name', ({ variable, schema }) => {
    const takenByFunction = TEXTS.filter((text) => schema.safeParse(text).success);
    const takenByDeploy = TEXTS.filter(
      (text) =>
        !problemsOf({ [variable]: text }).some((problem) =>
          new RegExp(`^ {2}${variable}(\\.\\d+)?: (?!expected one of)`).test(problem),
        ),
    );

    expect(takenByDeploy).toEqual(takenByFunction);
  });
});

describe('a deploy', () => {
  test('names all at once what no function would start with', () => {
    const problems = problemsOf({
      SLA_TIME_ZONE: 'Central Standard Time (Mexico)',
      CAFE24_API_URL: 'https://{mallId}.cafe24api.com/',
      CAFE24_REDIRECT_URI: 'example.com/cb',
      CLAROSHOP_TOKEN_URL: 'https://login.example.com/token?x=1',
      PGPORT: '0',
      CLAROSHOP_MARGIN_SECONDS: '0',
      COGNITO_ISSUER_BASE: 'http://issuer.example.com',
    });

    expect(problems).toEqual([
      '  PGPORT: expected a port, 1 to 65535',
      '  CAFE24_API_URL: expected https://{mallId}.<domain> in lower case, without a path and a "/" at the end',
      '  CAFE24_REDIRECT_URI: expected an absolute URL, e.g. https://<host>/callback',
      '  CLAROSHOP_TOKEN_URL: expected https://<host>/<path>, without "?"',
      '  CLAROSHOP_MARGIN_SECONDS: expected a number of seconds, 1 to 999999999',
      '  COGNITO_ISSUER_BASE: expected https://<host>, without "/" at the end',
      '  SLA_TIME_ZONE: expected an IANA zone, e.g. America/Mexico_City',
    ]);
  });

  test.each([
    ['PGPORT', '99999'],
    ['CAFE24_API_URL', 'https://{mallId}.cafe24api.com/api'],
    ['CAFE24_API_URL', 'https://{mallId}.CAFE24API.com'],
    ['CAFE24_API_URL', 'http://{mallId}.cafe24api.com'],
    ['CLAROSHOP_TOKEN_URL', 'http://login.example.com/token'],
  ])('takes no %s=%s', (variable, text) => {
    expect(problemsOf({ [variable]: text })).toEqual([
      expect.stringMatching(`^ {2}${variable}: expected `),
    ]);
  });
});

/** 2,996 characters. */
const MANY_MALLS = Array.from(
  { length: 250 },
  (_, index) => `mall-${String(index).padStart(6, '0')}`,
)
  .join()
  .slice(0, 2_996);
const MANY_SCOPES = Array.from(
  { length: 40 },
  (_, index) => `mall.read_something_${String(index)}`,
).join();

describe("a function's 4 KB of variables", () => {
  test('are counted together, and a sum that is too large is told with its numbers', () => {
    const deploy = () => synthesize({ CAFE24_MALLS: MANY_MALLS, CAFE24_SCOPES: MANY_SCOPES });

    expect(deploy).toThrow(
      /start-cafe24-authorization: its variables have \d{4} bytes together, Lambda takes 4096: CAFE24_MALLS has 2996, CAFE24_SCOPES has \d{3}, /,
    );
    expect(deploy).not.toThrow(/exchange-cafe24-code: /);
  });

  test('may hold more malls than 3,000 characters where all else is short', () => {
    expect(() => synthesize({ CAFE24_MALLS: MANY_MALLS })).not.toThrow();
  });

  test('count what only the deploy will know at its longest', () => {
    const issuer = `https://${'issuer.'.repeat(560)}example.com`;

    expect(() => synthesize({ COGNITO_ISSUER_BASE: issuer })).toThrow(
      /submit-sla-errors: its variables have .* COGNITO_ISSUER has 3995, COGNITO_CLIENT_ID has 128, COGNITO_USER_POOL_ID has 55/,
    );
  });
});

test.each([
  ['local', LOCAL_ENVIRONMENT],
  ['dev', DEV_ENVIRONMENT],
  ['prod', { ...DEV_ENVIRONMENT, STAGE: 'prod' }],
  ['prod with all that was there before', ADOPTING_ENVIRONMENT],
])('every function of the stage %s starts', (_, environment) => {
  expect(() => synthesize(environment)).not.toThrow();
});
