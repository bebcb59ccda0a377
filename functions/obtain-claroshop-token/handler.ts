import type { Context } from 'aws-lambda';
import { deadlineOf } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { assertTimeToAttempt } from '#shared/grants/timing.ts';
import { powertoolsLog } from '#shared/log.ts';
import type { Answer } from './answers.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { obtainClaroshopToken } from './obtain-claroshop-token.ts';
import { settings } from './settings.ts';

const config = readConfig(Config, process.env);
assertTimeToAttempt(settings.timeoutSeconds * 1_000);
const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(config, log);

export const handler = async (input: unknown, context: Context): Promise<Answer> => {
  const requestId = context.awsRequestId;
  const invocation = { requestId, deadline: deadlineOf(context), log: log.child({ requestId }) };
  const answer = await obtainClaroshopToken(input, invocation, dependencies);
  invocation.log.info('answered', { statusCode: answer.statusCode });
  return answer;
};
