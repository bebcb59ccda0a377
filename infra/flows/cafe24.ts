import { Construct } from 'constructs';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { TokenExpiryWarning } from '#events/token-expiry-warning.ts';
import { settings as exchangeCafe24Code } from '#functions/exchange-cafe24-code/settings.ts';
import { settings as migrateDatabase } from '#functions/migrate-database/settings.ts';
import { settings as recoverCafe24Grants } from '#functions/recover-cafe24-grants/settings.ts';
import { settings as refreshCafe24Token } from '#functions/refresh-cafe24-token/settings.ts';
import { settings as warnCafe24Expiry } from '#functions/warn-cafe24-expiry/settings.ts';
import { toBus, toCafe24, toEscrow, toPostgres } from '../access.ts';
import { resourceName } from '../arns.ts';
import { Alarm } from '../constructs/alarm.ts';
import { DeployStep } from '../constructs/deploy-step.ts';
import type { DurableTable } from '../constructs/durable-table.ts';
import { ofKind, ofProvider } from '../constructs/event-pattern.ts';
import { QueueWorker } from '../constructs/queue-worker.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import type { FlowProps } from './flow.ts';

interface Cafe24FlowProps extends FlowProps {
  readonly escrow: DurableTable;
}

/** A code becomes a grant, and a grant is kept alive: Postgres, Cafe24, the escrow. */
export class Cafe24Flow extends Construct {
  readonly exchange: QueueWorker;
  readonly refresh: QueueWorker;
  readonly warn: ScheduledFunction;
  readonly recover: ScheduledFunction;

  constructor(scope: Construct, id: string, props: Cafe24FlowProps) {
    super(scope, id);
    const migration = this.#migration(props);
    this.exchange = this.#exchange(props, migration);
    this.refresh = this.#refresh(props, migration);
    this.warn = this.#warn(props, migration);
    this.recover = this.#recover(props, migration);
    props.bus.route(ofKind(AuthorizationCodeArrived), this.exchange.queue);
    props.bus.route(ofProvider(TokenExpiryWarning, 'cafe24'), this.refresh.queue);
  }

  #migration({ config, code }: Cafe24FlowProps): DeployStep {
    return new DeployStep(this, migrateDatabase.name, {
      config,
      code,
      settings: migrateDatabase,
      access: [
        toPostgres(config),
        {
          environment: {
            REFRESH_MARGIN_SECONDS: config.REFRESH_MARGIN_SECONDS,
            REFRESH_JITTER_SECONDS: config.REFRESH_JITTER_SECONDS,
          },
        },
      ],
    });
  }

  #exchange({ config, code, escrow }: Cafe24FlowProps, migration: DeployStep): QueueWorker {
    return new QueueWorker(this, exchangeCafe24Code.name, {
      config,
      code,
      settings: exchangeCafe24Code,
      maximumConcurrency: 5,
      access: [
        toBus(config),
        toPostgres(config),
        toCafe24(config),
        toEscrow(escrow, { use: 'attempt', provider: 'cafe24' }),
        {
          environment: {
            CAFE24_MALLS: config.CAFE24_MALLS.join(),
            CAFE24_REDIRECT_URI: config.CAFE24_REDIRECT_URI,
          },
        },
      ],
      after: [migration.done],
    });
  }

  #refresh({ config, code, escrow }: Cafe24FlowProps, migration: DeployStep): QueueWorker {
    return new QueueWorker(this, refreshCafe24Token.name, {
      config,
      code,
      settings: refreshCafe24Token,
      maximumConcurrency: 3,
      access: [
        toBus(config),
        toPostgres(config),
        toCafe24(config),
        toEscrow(escrow, { use: 'attempt', provider: 'cafe24' }),
      ],
      after: [migration.done],
    });
  }

  #warn({ config, code }: Cafe24FlowProps, migration: DeployStep): ScheduledFunction {
    new Alarm(this, 'refresh-tokens-ending-soon', {
      config,
      name: resourceName(config, 'refresh-tokens-ending-soon'),
      description:
        'Grants end within 3 days and were not refreshed: their malls must authorize anew.',
      namespace: 'tokenline',
      metricName: 'RefreshTokensEndingSoon',
      dimensions: { service: warnCafe24Expiry.name },
      statistic: 'Maximum',
    });
    return new ScheduledFunction(this, warnCafe24Expiry.name, {
      config,
      code,
      settings: warnCafe24Expiry,
      access: [toBus(config), toPostgres(config)],
      after: [migration.done],
    });
  }

  #recover({ config, code, escrow }: Cafe24FlowProps, migration: DeployStep): ScheduledFunction {
    return new ScheduledFunction(this, recoverCafe24Grants.name, {
      config,
      code,
      settings: recoverCafe24Grants,
      access: [
        toBus(config),
        toPostgres(config),
        toEscrow(escrow, { use: 'recovery', provider: 'cafe24' }),
      ],
      after: [migration.done],
    });
  }
}
