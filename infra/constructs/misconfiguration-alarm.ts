import { Construct } from 'constructs';
import { resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { LogLineAlarm } from './log-line-alarm.ts';

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
    new LogLineAlarm(this, 'lines', {
      ...{ config, logGroupName, code: 'misconfigured' },
      name: `${resourceName(config, props.name)}-misconfigured`,
      description: `${props.name} can't work as it is configured: its log says what to check.`,
    });
  }
}
