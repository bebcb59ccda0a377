import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { CodeAlarm } from './code-alarm.ts';

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
export class MisconfigurationAlarm extends CodeAlarm {
  constructor(scope: Construct, id: string, props: MisconfigurationAlarmProps) {
    const description = `${props.name} can't work as it is configured: its log says what to check.`;
    super(scope, id, { ...props, code: 'misconfigured', description });
  }
}
