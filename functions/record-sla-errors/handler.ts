import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClient } from '#shared/aws-client.ts';
import { systemClock } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { powertoolsLog } from '#shared/log.ts';
import { sqsQueueMessages } from '#shared/sqs/queue-messages.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { settings } from './settings.ts';
import { slaErrorsWorker } from './worker.ts';

const config = readConfig(Config, process.env);
const queue = sqsQueueMessages(awsClient(SQSClient), {
  queueUrl: config.QUEUE_URL,
  deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
  functionName: settings.name,
});

export const handler = slaErrorsWorker(runtimeDependencies(config), {
  queue,
  clock: systemClock,
  log: powertoolsLog(settings.name),
  random: Math.random,
});
