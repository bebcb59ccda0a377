import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { Alarm } from './alarm.ts';

interface LogLineAlarmProps {
  readonly config: StageConfig;
  /** Of the alarm, its metric and its filter. */
  readonly name: string;
  readonly logGroupName: string;
  /** What the lines have as `code`. */
  readonly code: string;
  readonly description: string;
}

/** Tells at the first line of a function's log that has a certain `code`. */
export class LogLineAlarm extends Construct {
  constructor(scope: Construct, id: string, props: LogLineAlarmProps) {
    super(scope, id);
    const { config, name, logGroupName, code, description } = props;
    const metric = { name, namespace: 'tokenline', value: '1' };
    new CloudwatchLogMetricFilter(this, 'filter', {
      name,
      logGroupName,
      pattern: `{ $.code = "${code}" }`,
      metricTransformation: metric,
    });
    new Alarm(this, 'alarm', {
      ...{ config, name, description, namespace: metric.namespace, metricName: name },
      dimensions: {},
      statistic: 'Sum',
    });
  }
}
