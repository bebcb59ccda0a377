import type { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus/index.js';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { Construct } from 'constructs';
import { arn } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import type { EventPattern } from './event-pattern.ts';
import type { StandardQueue } from './standard-queue.ts';

interface EventRouteProps {
  readonly config: StageConfig;
  readonly bus: CloudwatchEventBus;
  readonly pattern: EventPattern;
  readonly queue: StandardQueue;
  /** Takes what EventBridge could not hand over in 24 h; a FIFO queue is refused for that. */
  readonly undeliverable: StandardQueue;
}

/** Events of a pattern, from the bus into a queue, whole envelopes. The rule is named as the queue. */
export class EventRoute extends Construct {
  constructor(scope: Construct, id: string, props: EventRouteProps) {
    super(scope, id);
    const { config, bus, queue, undeliverable } = props;
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: queue.name,
      eventBusName: bus.name,
      eventPattern: JSON.stringify(props.pattern),
    });
    const ruleArn = arn(config, 'events', `rule/${config.NAME_PREFIX}/${queue.name}`);
    queue.admitRule(ruleArn);
    undeliverable.admitRule(ruleArn);
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      eventBusName: bus.name,
      targetId: 'queue',
      arn: queue.arn,
      deadLetterConfig: { arn: undeliverable.arn },
      // Both by name in the ARNs, so Terraform does not see it: an event needs its queue.
      dependsOn: [queue.queue, undeliverable.queue],
    });
  }
}
