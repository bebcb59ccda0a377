import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Construct } from 'constructs';
import { resourceName } from '../arns.ts';
import { Alarm } from './alarm.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';

interface ScheduledFunctionProps extends NodeFunctionProps {
  readonly settings: NodeFunctionProps['settings'] & {
    /** The schedule as EventBridge spells it: `rate(1 minute)`. */
    readonly schedule: string;
    /** What the schedule invokes the function with; without it, EventBridge's own event. */
    readonly input?: object;
  };
  /** Whether the stage wants this schedule, given that it has its schedules enabled; yes if not given. */
  readonly isWanted?: boolean;
}

/** Minutes of failures after which a person must look: one failed run is made good by the next. */
const MINUTES_UNTIL_ALARM = 5;

/** A function that a schedule invokes, where the stage has its schedules enabled. */
export class ScheduledFunction extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, props: ScheduledFunctionProps) {
    super(scope, id);
    const { config, settings, isWanted = true } = props;
    this.function = new NodeFunction(this, 'function', props);
    const { functionName, arn } = this.function.function;
    new LambdaFunctionEventInvokeConfig(this, 'no-repeats', {
      functionName,
      // The next run comes anyway; a repeated one would only run beside it.
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: resourceName(config, settings.name),
      scheduleExpression: settings.schedule,
      state: config.SCHEDULES === 'enabled' && isWanted ? 'ENABLED' : 'DISABLED',
    });
    const permission = new LambdaPermission(this, 'permission', {
      statementId: 'schedule',
      action: 'lambda:InvokeFunction',
      functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      targetId: 'function',
      arn,
      ...(settings.input && { input: JSON.stringify(settings.input) }),
      dependsOn: [permission],
    });
    new Alarm(this, 'alarm', {
      config,
      name: resourceName(config, `${settings.name}-errors`),
      description: `${settings.name} has failed for ${MINUTES_UNTIL_ALARM} minutes.`,
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: { FunctionName: resourceName(config, settings.name) },
      statistic: 'Sum',
      minutes: MINUTES_UNTIL_ALARM,
    });
  }
}
