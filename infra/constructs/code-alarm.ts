import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js';
import { Construct } from 'constructs';
import { resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { Alarm } from './alarm.ts';

interface CodeAlarmProps {
  readonly config: StageConfig;
  /** The function's. */
  readonly name: string;
  readonly logGroupName: string;
  /** What it counts: the lines of the function's log with this `code`. */
  readonly code: string;
  readonly description: string;
}

/** Tells at the first line of a function's log that has the code. */
export class CodeAlarm extends Construct {
  constructor(scope: Construct, id: string, props: CodeAlarmProps) {
    super(scope, id);
    const { config, logGroupName, code, description } = props;
    const name = `${resourceName(config, props.name)}-${code}`;
    const metric = { name, namespace: 'tokenline', value: '1' };
    new CloudwatchLogMetricFilter(this, 'filter', {
      name,
      logGroupName,
      pattern: `{ $.code = "${code}" }`,
      metricTransformation: metric,
    });
    new Alarm(this, 'alarm', {
      ...{ config, name, namespace: metric.namespace, metricName: name, dimensions: {} },
      ...{ description, statistic: 'Sum' },
    });
  }
}
