import { deadlineOf } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { assertTimeToAttempt } from '#shared/grants/timing.ts';
import { invokedHandler } from '#shared/invoked-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { obtainClaroshopToken } from './obtain-claroshop-token.ts';
import { settings } from './settings.ts';

const config = readConfig(Config, process.env);
assertTimeToAttempt(settings.timeoutSeconds * 1_000);
const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(config, log);

export const handler = invokedHandler(log, async (input, context) => {
  const requestId = context.awsRequestId;
  const invocation = { requestId, deadline: deadlineOf(context), log: log.child({ requestId }) };
  const answer = await obtainClaroshopToken(input, invocation, dependencies);
  invocation.log.info('answered', { statusCode: answer.statusCode });
  return answer;
});
