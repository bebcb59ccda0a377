import { SqsQueue, type SqsQueueConfig } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { Construct } from 'constructs';
import { arn, queueUrl, resourceName } from '../arns.ts';
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
  readonly url: string;
  readonly #ruleArns: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    props: QueueProps & { readonly settings: SqsQueueConfig },
  ) {
    super(scope, id);
    this.name = resourceName(props.config, props.name);
    this.arn = arn(props.config, 'sqs', this.name);
    this.url = queueUrl(props.config, this.name);
    this.queue = new SqsQueue(this, 'queue', {
      name: this.name,
      sqsManagedSseEnabled: true,
      ...props.settings,
      lifecycle: { postcondition: [hasUrl(this.url)] },
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

/** Functions are told the URL before the queue is there: it must be the one that SQS gives. */
function hasUrl(url: string) {
  return {
    condition: `\${self.url == ${JSON.stringify(url)}}`,
    errorMessage: `Functions were told another URL than that of the queue: ${url}. Set SQS_URL_BASE.`,
  };
}
