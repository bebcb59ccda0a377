import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

export interface AlarmProps {
  readonly config: StageConfig;
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Sum';
  /** How many minutes in a row it must be seen; 1 if not given. */
  readonly minutes?: number;
}

/** Tells the stage's topic, where it has one, when a metric of a minute is above 0. */
export class Alarm extends Construct {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { config, namespace, metricName, statistic } = props;
    const topic = config.ALARM_TOPIC_ARN;
    new CloudwatchMetricAlarm(this, 'metric', {
      alarmName: props.name,
      alarmDescription: props.description,
      namespace,
      metricName,
      dimensions: { ...props.dimensions },
      statistic,
      period: 60,
      evaluationPeriods: props.minutes ?? 1,
      threshold: 0,
      comparisonOperator: 'GreaterThanThreshold',
      treatMissingData: 'notBreaching',
      ...(topic && { alarmActions: [topic], okActions: [topic] }),
    });
  }
}
