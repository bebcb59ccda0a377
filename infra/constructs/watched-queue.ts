import type { Construct } from 'constructs';
import { Alarm } from './alarm.ts';
import { StandardQueue, type QueueProps } from './standard-queue.ts';

const FOURTEEN_DAYS_SECONDS = 14 * 86_400;

/** Where messages wait for a person: kept as long as SQS can, with an alarm from the first one on. */
export class WatchedQueue extends StandardQueue {
  constructor(
    scope: Construct,
    id: string,
    props: QueueProps & { readonly redriveAllowPolicy?: string },
  ) {
    const { config, redriveAllowPolicy } = props;
    super(scope, id, {
      ...props,
      settings: {
        messageRetentionSeconds: FOURTEEN_DAYS_SECONDS,
        ...(redriveAllowPolicy && { redriveAllowPolicy }),
      },
    });
    new Alarm(this, 'alarm', {
      config,
      name: this.name,
      description: `Messages wait in ${this.name}: none is lost, but somebody must look.`,
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: this.name },
      statistic: 'Maximum',
    });
  }
}
