import { expect, test } from 'vitest';
import { readableResources, synthesizeProd } from '#test/support/readable-stack.ts';

// Every property of every resource, but those that have tests of their own beside this one.

const stack = synthesizeProd();
const all = (type: string, ...elsewhere: readonly string[]) =>
  readableResources(stack, type, elsewhere);

test('a function may be invoked by its route or by its schedule, and by nobody else', () => {
  const permitted = all('aws_lambda_permission').map((found) => {
    const { statement_id: id, principal, action, function_name: name, ...rest } = found;
    expect(action).toBe('lambda:InvokeFunction');
    expect(Object.keys(rest)).toEqual(['source_arn']);
    return [id, principal, name, rest['source_arn']].join(' ');
  });
  expect(permitted.sort()).toMatchInlineSnapshot(`
    [
      "api apigateway.amazonaws.com lambda_function(tokenline-authenticate-user).function_name api_gateway_rest_api(tokenline).execution_arn/prod/POST/auth",
      "api apigateway.amazonaws.com lambda_function(tokenline-find-sla-errors).function_name api_gateway_rest_api(tokenline).execution_arn/prod/GET/file_sla_errors",
      "api apigateway.amazonaws.com lambda_function(tokenline-receive-cafe24-code).function_name api_gateway_rest_api(tokenline).execution_arn/prod/GET/cafe24/callback",
      "api apigateway.amazonaws.com lambda_function(tokenline-start-cafe24-authorization).function_name api_gateway_rest_api(tokenline).execution_arn/prod/GET/cafe24/authorize",
      "api apigateway.amazonaws.com lambda_function(tokenline-submit-sla-errors).function_name api_gateway_rest_api(tokenline).execution_arn/prod/POST/file_sla_error",
      "schedule events.amazonaws.com lambda_function(tokenline-announce-cafe24-codes).function_name cloudwatch_event_rule(tokenline-announce-cafe24-codes).arn",
      "schedule events.amazonaws.com lambda_function(tokenline-recover-cafe24-grants).function_name cloudwatch_event_rule(tokenline-recover-cafe24-grants).arn",
      "schedule events.amazonaws.com lambda_function(tokenline-warn-cafe24-expiry).function_name cloudwatch_event_rule(tokenline-warn-cafe24-expiry).arn",
      "schedule events.amazonaws.com lambda_function(tokenline-warn-claroshop-expiry).function_name cloudwatch_event_rule(tokenline-warn-claroshop-expiry).arn",
    ]
  `);
});

test('senders are created by an operator, sign in by password, and are told apart by nobody', () => {
  expect(all('aws_cognito_user_pool')).toEqual([
    {
      name: 'tokenline-senders',
      admin_create_user_config: { allow_admin_create_user_only: true },
      deletion_protection: 'ACTIVE',
    },
  ]);
  expect(all('aws_cognito_user_pool_client')).toEqual([
    {
      name: 'tokenline-senders',
      explicit_auth_flows: ['ALLOW_USER_PASSWORD_AUTH'],
      prevent_user_existence_errors: 'ENABLED',
      user_pool_id: 'cognito_user_pool(tokenline-senders).id',
    },
  ]);
});

test('the API is regional, counts its requests, logs no bodies, and keeps to the stage’s rate', () => {
  expect(all('aws_api_gateway_rest_api', 'body')).toEqual([
    { name: 'tokenline', endpoint_configuration: { types: ['REGIONAL'] } },
  ]);
  expect(all('aws_api_gateway_method_settings')).toEqual([
    {
      rest_api_id: 'api_gateway_rest_api(tokenline).id',
      stage_name: 'api_gateway_stage(prod).stage_name',
      method_path: '*/*',
      settings: {
        data_trace_enabled: false,
        logging_level: 'OFF',
        metrics_enabled: true,
        throttling_burst_limit: 100,
        throttling_rate_limit: 50,
      },
    },
  ]);
  expect(all('aws_api_gateway_stage', 'access_log_settings')).toEqual([
    {
      rest_api_id: 'api_gateway_rest_api(tokenline).id',
      deployment_id: 'api_gateway_deployment().id',
      stage_name: 'prod',
    },
  ]);
  expect(all('aws_api_gateway_deployment')).toEqual([
    {
      rest_api_id: 'api_gateway_rest_api(tokenline).id',
      lifecycle: { create_before_destroy: true },
      triggers: { routes: expect.stringMatching(/^[\da-f]{64}$/) as string },
    },
  ]);
});

test('it is deployed to the account and region of the stage only, tagged, its state encrypted and locked', () => {
  expect(stack.json.provider).toEqual({
    aws: [
      {
        region: 'eu-west-1',
        allowed_account_ids: ['123456789012'],
        default_tags: [{ tags: { application: 'tokenline', stage: 'prod' } }],
      },
    ],
  });
  expect(stack.json.terraform).toEqual({
    backend: {
      s3: {
        bucket: 'state-bucket',
        key: 'tokenline-prod.tfstate',
        region: 'eu-west-1',
        encrypt: true,
        use_lockfile: true,
      },
    },
    required_providers: { aws: { source: 'aws', version: expect.stringMatching(/^\d/) as string } },
  });
});
