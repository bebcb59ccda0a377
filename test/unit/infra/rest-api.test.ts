import { describe, expect, test } from 'vitest';
import { settings as authenticateUser } from '#functions/authenticate-user/settings.ts';
import { settings as findSlaErrors } from '#functions/find-sla-errors/settings.ts';
import { settings as receiveCafe24Code } from '#functions/receive-cafe24-code/settings.ts';
import { settings as startCafe24Authorization } from '#functions/start-cafe24-authorization/settings.ts';
import { settings as submitSlaErrors } from '#functions/submit-sla-errors/settings.ts';
import { LOCAL_ENVIRONMENT, synthesize } from '#test/support/synthesized-stack.ts';

const ROUTES = [
  startCafe24Authorization,
  receiveCafe24Code,
  authenticateUser,
  submitSlaErrors,
  findSlaErrors,
];
/** API Gateway gives up after 29 s; the caller shall hear from the function. */
const GATEWAY_SECONDS = 29;

interface OpenApi {
  paths: Record<
    string,
    Record<string, { 'x-amazon-apigateway-integration': Record<string, string> }>
  >;
  'x-amazon-apigateway-binary-media-types': string[];
}

const stack = synthesize();
const only = (type: string, from = stack) => {
  const [resource, ...others] = from.all(type);
  expect(others).toEqual([]);
  return resource!;
};
const api = JSON.parse(only('aws_api_gateway_rest_api').body) as OpenApi;

describe('routes', () => {
  test.each(ROUTES)('$route leads to $name, the whole request', ({ name, route }) => {
    const [method = '', path = ''] = route.split(' ');

    expect(
      api.paths[path]?.[method.toLowerCase()]?.['x-amazon-apigateway-integration'],
    ).toMatchObject({
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:tokenline-${name}/invocations`,
    });
  });

  test('there are no others', () => {
    const declared = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );

    expect(declared.sort()).toEqual(ROUTES.map(({ route }) => route).sort());
  });

  test.each(ROUTES)('API Gateway may invoke $name for its route only', ({ name, route }) => {
    const sources = stack
      .all('aws_lambda_permission')
      .filter((it) => stack.referredBy(it.function_name).function_name === `tokenline-${name}`)
      .map(({ source_arn }) => source_arn.replace(/^\$\{.*\}/, ''));

    expect(sources).toEqual([`/dev/${route.replace(' ', '')}`]);
  });

  test.each(ROUTES)('$name answers before API Gateway gives up', ({ timeoutSeconds }) => {
    expect(timeoutSeconds).toBeLessThan(GATEWAY_SECONDS);
  });

  test('bodies reach the functions as the bytes that were sent', () => {
    expect(api['x-amazon-apigateway-binary-media-types']).toEqual(['*/*']);
  });
});

describe('the stage', () => {
  test('is throttled, counted, and writes down no request', () => {
    expect(only('aws_api_gateway_method_settings')).toMatchObject({
      method_path: '*/*',
      settings: {
        throttling_rate_limit: 50,
        throttling_burst_limit: 100,
        metrics_enabled: true,
        logging_level: 'OFF',
        data_trace_enabled: false,
      },
    });
  });

  test('is deployed anew when the API changes, and only then', () => {
    const hashOf = (changes: Record<string, string>) =>
      only('aws_api_gateway_deployment', synthesize(changes)).triggers['routes'];

    const deployment = only('aws_api_gateway_deployment');

    expect(hashOf({ API_BURST_REQUESTS: '1' })).toBe(deployment.triggers['routes']);
    expect(hashOf({ NAME_PREFIX: 'other' })).not.toBe(deployment.triggers['routes']);
    expect(deployment).toMatchObject({ lifecycle: { create_before_destroy: true } });
  });

  test('logs who asked for what, and nothing that callers send', () => {
    const { format } = only('aws_api_gateway_stage').access_log_settings;

    expect(Object.keys(JSON.parse(format) as object)).toContain('status');
    expect(format).not.toMatch(/\$context\.(path\b|authorizer|requestOverride|identity\.user)/);
    expect(format).not.toMatch(/\$input|header|query|body|token/i);
  });

  test.each([
    ['disabled', 0, false],
    ['enabled', 0, true],
    ['enabled-with-account-role', 1, true],
  ] as const)('with its access log %s', (API_ACCESS_LOG, accountRoles, isLogged) => {
    const changed = synthesize({ API_ACCESS_LOG });

    expect(changed.all('aws_api_gateway_account')).toHaveLength(accountRoles);
    expect('access_log_settings' in only('aws_api_gateway_stage', changed)).toBe(isLogged);
  });
});

describe('senders', () => {
  test('sign in with name and password, and nobody learns which names exist', () => {
    expect(only('aws_cognito_user_pool_client')).toMatchObject({
      explicit_auth_flows: ['ALLOW_USER_PASSWORD_AUTH'],
      prevent_user_existence_errors: 'ENABLED',
    });
  });

  test('are made by administrators, in a pool that is kept, but for the local stage', () => {
    const local = synthesize(LOCAL_ENVIRONMENT);

    expect(only('aws_cognito_user_pool')).toMatchObject({
      name: 'tokenline-senders',
      admin_create_user_config: { allow_admin_create_user_only: true },
      deletion_protection: 'ACTIVE',
    });
    expect(only('aws_cognito_user_pool', local)).toMatchObject({ deletion_protection: 'INACTIVE' });
  });

  test('of a pool that is there already keep it, and none is made', () => {
    const adopted = synthesize({
      COGNITO_USER_POOL_ID: 'eu-west-1_theirs',
      COGNITO_CLIENT_ID: 'theirs',
      COGNITO_TOKEN_USE: 'access',
    });

    expect(adopted.all('aws_cognito_user_pool')).toEqual([]);
    expect(adopted.all('aws_cognito_user_pool_client')).toEqual([]);
    const [client] = adopted.allData('aws_cognito_user_pool_client');
    expect(client).toMatchObject({ user_pool_id: 'eu-west-1_theirs', client_id: 'theirs' });
    expect(client?.lifecycle.postcondition).toMatchObject([
      {
        condition: expect.stringMatching(
          /"ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"/,
        ) as string,
        error_message: expect.stringMatching(/theirs.*Allow it/) as string,
      },
    ]);
    expect(synthesize().allData('aws_cognito_user_pool_client')).toEqual([]);
    for (const name of ['tokenline-submit-sla-errors', 'tokenline-find-sla-errors']) {
      const fn = adopted.named('aws_lambda_function', name);
      expect(fn.environment.variables).toMatchObject({
        COGNITO_USER_POOL_ID: 'eu-west-1_theirs',
        COGNITO_CLIENT_ID: 'theirs',
        COGNITO_TOKEN_USE: 'access',
      });
    }
  });
});
