import type { Construct } from 'constructs';
import { arn, resourceName } from '../arns.ts';
import { StandardQueue, type QueueProps } from './standard-queue.ts';
import { WatchedQueue } from './watched-queue.ts';

/** Shorter than the 14 days of the DLQ, which counts a moved message from its first enqueueing. */
const FOUR_DAYS_SECONDS = 4 * 86_400;

interface QueueWithDlqProps extends QueueProps {
  readonly visibilityTimeoutSeconds: number;
  /** Receives after which SQS itself moves a message to the DLQ. */
  readonly maxReceiveCount: number;
}

/** A queue whose messages end in `<name>-dlq` when nobody can work them off. */
export class QueueWithDlq extends StandardQueue {
  readonly deadLetters: WatchedQueue;

  constructor(scope: Construct, id: string, props: QueueWithDlqProps) {
    const { config, name, visibilityTimeoutSeconds, maxReceiveCount } = props;
    const deadLetters = `${name}-dlq`;
    super(scope, id, {
      config,
      name,
      settings: {
        visibilityTimeoutSeconds,
        messageRetentionSeconds: FOUR_DAYS_SECONDS,
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: arn(config, 'sqs', resourceName(config, deadLetters)),
          maxReceiveCount,
        }),
      },
    });
    this.deadLetters = new WatchedQueue(this, 'dlq', {
      config,
      name: deadLetters,
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: 'byQueue',
        sourceQueueArns: [this.arn],
      }),
    });
  }
}
