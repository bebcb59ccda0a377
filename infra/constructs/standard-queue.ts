import { SqsQueue, type SqsQueueConfig } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { Construct } from 'constructs';
import { arn, resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { policyOf } from './statements.ts';

export interface QueueProps {
  readonly config: StageConfig;
  /** Without the prefix. */
  readonly name: string;
}

/** A queue that is not FIFO. EventBridge may send to it for admitted rules only. */
export class StandardQueue extends Construct {
  readonly queue: SqsQueue;
  readonly name: string;
  readonly arn: string;
  readonly #ruleArns: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    props: QueueProps & { readonly settings: SqsQueueConfig },
  ) {
    super(scope, id);
    this.name = resourceName(props.config, props.name);
    this.arn = arn(props.config, 'sqs', this.name);
    this.queue = new SqsQueue(this, 'queue', {
      name: this.name,
      sqsManagedSseEnabled: true,
      ...props.settings,
    });
  }

  /** Lets EventBridge send to this queue on behalf of one rule; other rules stay locked out. */
  admitRule(ruleArn: string): void {
    this.#ruleArns.push(ruleArn);
    // The policy is part of the queue, since a resource of its own would wait another 25 s.
    this.queue.policy = policyOf([
      {
        Sid: 'AdmittedRules',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: this.arn,
        Condition: { ArnEquals: { 'aws:SourceArn': this.#ruleArns } },
      },
    ]);
  }
}
