import { arn, resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import type { HttpFunction } from './http-function.ts';

/**
 * The API as API Gateway imports it: the whole of it in one document, whose hash says whether it must
 * be deployed anew.
 */
export function toOpenApi(config: StageConfig, functions: readonly HttpFunction[]) {
  const paths = new Map<string, Record<string, object>>();
  for (const { name, method, path } of functions) {
    const operation = toOperation(config, name);
    paths.set(path, { ...paths.get(path), [method.toLowerCase()]: operation });
  }
  return {
    openapi: '3.0.1',
    info: { title: config.NAME_PREFIX, version: '1' },
    paths: Object.fromEntries(paths),
    // Bodies reach the functions as the bytes that were sent: not every sender writes UTF-8.
    'x-amazon-apigateway-binary-media-types': ['*/*'],
  };
}

function toOperation(config: StageConfig, name: string) {
  const functionArn = arn(config, 'lambda', `function:${resourceName(config, name)}`);
  return {
    operationId: name,
    // Answers are the function's own.
    responses: {},
    'x-amazon-apigateway-integration': {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: `arn:aws:apigateway:${config.AWS_REGION}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      passthroughBehavior: 'when_no_match',
    },
  };
}
