import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import { Construct } from 'constructs';
import { maxReceiveCount, type RetryPolicy } from '#shared/sqs/retry-policy.ts';
import type { Access } from '../access.ts';
import type { WorkerOutputs } from '../outputs.ts';
import { MisconfigurationAlarm } from './misconfiguration-alarm.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import { QueueWithDlq } from './queue-with-dlq.ts';

/** A message must not come back while a slow function still works on it (AWS's advice, 2026-11). */
const VISIBILITY_PER_TIMEOUT = 6;

/** What the `settings.ts` of a queue's function says. */
export interface WorkerSettings {
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly batchSize: number;
  /** Up to which Lambda waits for a full batch; it must, for one of more than 10. */
  readonly batchingWindowSeconds?: number;
  readonly retry: RetryPolicy;
  /** Only for a worker that must break the rule of 6 x the timeout; its settings say why. */
  readonly visibilityTimeoutSeconds?: number;
}

interface QueueWorkerProps extends NodeFunctionProps {
  readonly settings: WorkerSettings;
  /** Functions that work at once; times their database connections it must fit `max_connections`. */
  readonly maximumConcurrency: number;
}

/** A queue with its DLQ and the one function that works it off, in batches with partial failures. */
export class QueueWorker extends Construct {
  readonly queue: QueueWithDlq;
  readonly worker: NodeFunction;

  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    const { config, settings } = props;
    const visibilityTimeoutSeconds =
      settings.visibilityTimeoutSeconds ?? VISIBILITY_PER_TIMEOUT * settings.timeoutSeconds;
    this.queue = new QueueWithDlq(this, 'queue', {
      ...{ config, name: settings.name, visibilityTimeoutSeconds },
      maxReceiveCount: maxReceiveCount(settings.retry, visibilityTimeoutSeconds),
    });
    this.worker = new NodeFunction(this, 'worker', {
      ...props,
      access: [...props.access, toQueue(this.queue)],
    });
    new MisconfigurationAlarm(this, 'misconfigured', {
      ...{ config, name: settings.name },
      logGroupName: this.worker.logGroup.name,
    });
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: this.queue.queue.arn,
      functionName: this.worker.function.arn,
      batchSize: settings.batchSize,
      maximumBatchingWindowInSeconds: settings.batchingWindowSeconds ?? 0,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: props.maximumConcurrency },
      // Known to the function by name, so Terraform does not see it: what is rejected needs its place.
      dependsOn: [this.queue.deadLetters.queue],
    });
  }

  get outputs(): WorkerOutputs {
    return {
      functionName: this.worker.function.functionName,
      queueUrl: this.queue.queue.url,
      deadLetterQueueUrl: this.queue.deadLetters.queue.url,
    };
  }
}

function toQueue(queue: QueueWithDlq): Access {
  return {
    environment: {
      QUEUE_URL: queue.url,
      DEAD_LETTER_QUEUE_URL: queue.deadLetters.url,
    },
    statements: [
      {
        Sid: 'Consume',
        Action: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ChangeMessageVisibility',
        ],
        Resource: [queue.arn],
      },
      { Sid: 'Reject', Action: ['sqs:SendMessage'], Resource: [queue.deadLetters.arn] },
    ],
  };
}
