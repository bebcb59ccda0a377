import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js';
import { Construct } from 'constructs';
import { resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { Alarm } from './alarm.ts';

interface MisconfigurationAlarmProps {
  readonly config: StageConfig;
  /** The function's. */
  readonly name: string;
  readonly logGroupName: string;
}

/**
 * Tells at the first message that fails because of our own configuration (a secret, a client id, a
 * redirect URI, a table's name): it is retried until its horizon, and mended before that it is not
 * even late. Counted by the lines of the function's log that have the error's code.
 */
export class MisconfigurationAlarm extends Construct {
  constructor(scope: Construct, id: string, props: MisconfigurationAlarmProps) {
    super(scope, id);
    const { config, logGroupName } = props;
    const name = `${resourceName(config, props.name)}-misconfigured`;
    const metric = { name, namespace: 'tokenline', value: '1' };
    new CloudwatchLogMetricFilter(this, 'filter', {
      name,
      logGroupName,
      pattern: '{ $.code = "misconfigured" }',
      metricTransformation: metric,
    });
    new Alarm(this, 'alarm', {
      ...{ config, name, namespace: metric.namespace, metricName: name, dimensions: {} },
      description: `${props.name} can't work as it is configured: its log says what to check.`,
      statistic: 'Sum',
    });
  }
}
