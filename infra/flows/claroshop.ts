import { Construct } from 'constructs';
import { TokenExpiryWarning } from '#events/token-expiry-warning.ts';
import { settings as obtainClaroshopToken } from '#functions/obtain-claroshop-token/settings.ts';
import { settings as refreshClaroshopToken } from '#functions/refresh-claroshop-token/settings.ts';
import { settings as warnClaroshopExpiry } from '#functions/warn-claroshop-expiry/settings.ts';
import { toBus, toEscrow, type Access, type EscrowUse } from '../access.ts';
import { resourceName } from '../arns.ts';
import {
  asClaroshopClient,
  toAttempts,
  toClaroshopCredentials,
  toClaroshopTokens,
} from '../claroshop-access.ts';
import type { StageConfig } from '../config.ts';
import { Alarm, type AlarmProps } from '../constructs/alarm.ts';
import { DurableTable } from '../constructs/durable-table.ts';
import { ofProvider } from '../constructs/event-pattern.ts';
import { MisconfigurationAlarm } from '../constructs/misconfiguration-alarm.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { QueueWorker } from '../constructs/queue-worker.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import type { FlowProps } from './flow.ts';

interface ClaroshopFlowProps extends FlowProps {
  readonly escrow: DurableTable;
}

/** Minutes without a living token after which a person must look; the first deploy takes two. */
const MINUTES_UNTIL_EXPIRED_ALARM = 3;

/** Tokens are kept alive in Parameter Store: DynamoDB, ClaroShop, the escrow, and no Postgres. */
export class ClaroshopFlow extends Construct {
  readonly attempts: DurableTable;
  readonly refresh: QueueWorker;
  readonly obtain: NodeFunction;
  readonly warn: ScheduledFunction;

  constructor(scope: Construct, id: string, props: ClaroshopFlowProps) {
    super(scope, id);
    const { config, code, bus, escrow } = props;
    this.attempts = this.#attempts(config);
    const keep = (use: EscrowUse['use']) => [
      toBus(config),
      toClaroshopTokens(config),
      toAttempts(this.attempts, config),
      toEscrow(escrow, { use, provider: 'claroshop' }),
    ];
    const ask: readonly Access[] = [
      ...keep('attemptAndRecovery'),
      asClaroshopClient(config),
      toClaroshopCredentials(config),
    ];
    this.refresh = new QueueWorker(this, refreshClaroshopToken.name, {
      config,
      code,
      settings: refreshClaroshopToken,
      // One attempt per account is in flight anyway; 2 is the least that a mapping may have.
      maximumConcurrency: 2,
      access: ask,
    });
    this.obtain = new NodeFunction(this, obtainClaroshopToken.name, {
      config,
      code,
      settings: obtainClaroshopToken,
      access: ask,
    });
    this.warn = new ScheduledFunction(this, warnClaroshopExpiry.name, {
      config,
      code,
      settings: warnClaroshopExpiry,
      access: keep('recovery'),
    });
    bus.route(ofProvider(TokenExpiryWarning, 'claroshop'), this.refresh.queue);
    this.#alarms(config);
  }

  /** Leases, history and outbox of the attempts; what is over expires by itself. */
  #attempts(config: StageConfig): DurableTable {
    return new DurableTable(this, 'grant-attempts', {
      config,
      tableName: resourceName(config, 'grant-attempts'),
      keys: {
        hashKey: 'subject',
        rangeKey: 'item',
        attribute: [
          { name: 'subject', type: 'S' },
          { name: 'item', type: 'S' },
        ],
        ttl: { attributeName: 'expiresAt', enabled: true },
      },
    });
  }

  #alarms(config: StageConfig): void {
    new MisconfigurationAlarm(this, `${obtainClaroshopToken.name}-misconfigured`, {
      ...{ config, name: obtainClaroshopToken.name },
      logGroupName: this.obtain.logGroup.name,
    });
    const alarm = (
      name: string,
      props: Pick<AlarmProps, 'metricName' | 'description' | 'minutes'>,
    ) =>
      new Alarm(this, name, {
        ...props,
        config,
        name: resourceName(config, name),
        namespace: 'tokenline',
        dimensions: { service: warnClaroshopExpiry.name },
        statistic: 'Maximum',
      });
    alarm('claroshop-credentials-refused', {
      metricName: 'ClaroshopCredentialsRefused',
      description:
        'ClaroShop refused credentials: nothing is tried until they change or somebody resumes it.',
    });
    alarm('claroshop-tokens-expired', {
      metricName: 'ClaroshopTokensExpired',
      description: 'ClaroShop accounts have no token that lives.',
      minutes: MINUTES_UNTIL_EXPIRED_ALARM,
    });
  }
}
