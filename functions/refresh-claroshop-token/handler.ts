import { SQSClient } from '@aws-sdk/client-sqs';
import { ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import { awsClient } from '#shared/aws-client.ts';
import { systemClock } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { assertTimeToAttempt, TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { powertoolsLog } from '#shared/log.ts';
import { sqsQueueMessages } from '#shared/sqs/queue-messages.ts';
import { queueWorker } from '#shared/sqs/worker.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { refreshClaroshopToken } from './refresh-claroshop-token.ts';
import { settings } from './settings.ts';

const config = readConfig(Config, process.env);
assertTimeToAttempt(settings.timeoutSeconds * 1_000);
const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(config, log);
const queue = sqsQueueMessages(awsClient(SQSClient), {
  queueUrl: config.QUEUE_URL,
  deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
  functionName: settings.name,
});

export const handler = queueWorker(
  {
    event: ClaroshopExpiryWarning,
    retry: settings.retry,
    timeToStartMs: TIME_TO_ATTEMPT_MS,
    work: (message, context) => refreshClaroshopToken({ message, context, dependencies }),
  },
  { queue, clock: systemClock, log, random: Math.random },
);
