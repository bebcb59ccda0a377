import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { LocalAws } from './local-aws.ts';
import { credentials } from './settings.ts';

export interface LocalClients {
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
}

/** Lets a client reach nothing but the local AWS. */
export function settingsOf({ endpointUrl, region }: LocalAws) {
  return { endpoint: endpointUrl, region, credentials };
}

export function localClients(localAws: LocalAws): LocalClients {
  const settings = settingsOf(localAws);
  return {
    events: new EventBridgeClient(settings),
    sqs: new SQSClient(settings),
    logs: new CloudWatchLogsClient(settings),
  };
}
