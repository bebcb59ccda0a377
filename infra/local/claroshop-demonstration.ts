import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParametersByPathCommand, SSMClient, type Parameter } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { settingsOf } from './clients.ts';
import type { Stage } from './demonstration.ts';
import { asExpected, parsedJson } from './expected.ts';
import { masked, type Journey } from './journey.ts';

const PATH = '/claroshop';
const BUNDLE = `${PATH}/token`;

const Answer = z.object({ statusCode: z.literal(200), body: z.object({ message: z.string() }) });
const Bundle = z.object({
  access_token: z.string(),
  expires_at: z.string(),
  obtained_at: z.coerce.date(),
  attempt_id: z.string(),
});

/**
 * Invokes `obtain-claroshop-token`, as its predecessor was, and tells where the tokens went.
 *
 * @throws Error it answered without tokens, or they are not where they should be.
 */
export async function showClaroshopToken(stage: Stage, journey: Journey): Promise<void> {
  const { localAws, stack, observer } = stage;
  const { functionName } = stack.obtainClaroshopToken;
  const since = new Date();
  journey.stop('invocation', `${functionName} {}`, since);
  const lambda = new LambdaClient(settingsOf(localAws));
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: '{}' }),
  );
  const answeredAt = new Date();
  const answer = Payload?.transformToString();
  const { body } = asExpected(Answer, parsedJson(answer), {
    what: `The answer of ${functionName}`,
    expected: 'status 200 and a message',
    // Neither of its forms holds a secret.
    found: `${answer ?? 'nothing'}; an account whose credentials were refused is asked again when they change`,
  });

  const parameters = await readParameters(stage);
  const bundle = asExpected(Bundle, parsedJson(parameters.get(BUNDLE)?.Value), {
    what: BUNDLE,
    expected: 'the bundle of the tokens as JSON',
  });
  const version = String(parameters.get(BUNDLE)?.Version);
  const token = masked(bundle.access_token);
  const text = `${BUNDLE}: version ${version}, access_token ${token}, expires ${bundle.expires_at}`;
  journey.stop('parameter', text, bundle.obtained_at);
  const names = [...parameters.keys()].filter((name) => name !== BUNDLE);
  journey.stop('parameters', `${names.length} names beside it, for readers of before`, answeredAt);
  journey.stop('answer', `200 ${body.message}`, answeredAt);
  const event = await observer.waitFor(
    ({ detail }) => detail['attemptId'] === bundle.attempt_id,
    'TokenIssued or TokenRefreshed',
  );
  journey.stop('event', `${event['detail-type']}, version ${version}`, answeredAt);
}

/** The default account's, by name; they fit one page of 10. */
async function readParameters({ localAws }: Stage): Promise<ReadonlyMap<string, Parameter>> {
  const ssm = new SSMClient(settingsOf(localAws));
  const { Parameters: parameters = [] } = await ssm.send(
    new GetParametersByPathCommand({ Path: PATH, WithDecryption: true }),
  );
  return new Map(parameters.map((parameter) => [parameter.Name ?? '', parameter]));
}
