import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { LocalAws } from './local-aws.ts';

export interface LocalClients {
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
}

/** Clients that can reach nothing but the local AWS. */
export function localClients({ endpointUrl, region }: LocalAws): LocalClients {
  const settings = {
    endpoint: endpointUrl,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  return {
    events: new EventBridgeClient(settings),
    sqs: new SQSClient(settings),
    logs: new CloudWatchLogsClient(settings),
  };
}
