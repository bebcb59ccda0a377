import type { APIGatewayProxyEvent } from 'aws-lambda';
import { expect } from 'vitest';
import { authenticateUser } from '#functions/authenticate-user/authenticate-user.ts';
import { cognitoSignIn, type PoolClient } from '#shared/cognito/sign-in.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { lambdaContext } from './http-requests.ts';
import type { RecordingLog } from './recording-log.ts';
import { recordingMetrics } from './recording-metrics.ts';
import type { ScriptedCognito } from './scripted-cognito.ts';

interface Surroundings {
  readonly cognito: ScriptedCognito;
  readonly log: RecordingLog;
  readonly secret?: PoolClient['secret'];
}

/** Sends one request through the handler of `POST /auth`. */
export async function postAuth(
  { cognito, log, secret }: Surroundings,
  event: APIGatewayProxyEvent,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const dependencies = { signIn: cognitoSignIn(cognito.client, { clientId: 'client-1', secret }) };
  const handler = httpHandler(
    { route: 'POST /auth', answer: (request) => authenticateUser(request, dependencies) },
    { log, metrics: recordingMetrics() },
  );
  const result = await handler(event, lambdaContext());
  expect(result.headers).toMatchObject({ 'content-type': 'application/json' });
  return { status: result.statusCode, body: JSON.parse(result.body) as Record<string, unknown> };
}
