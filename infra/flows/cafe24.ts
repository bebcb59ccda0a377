import { Construct } from 'constructs';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { TokenExpiryWarning } from '#events/token-expiry-warning.ts';
import { settings as announceCafe24Codes } from '#functions/announce-cafe24-codes/settings.ts';
import { settings as exchangeCafe24Code } from '#functions/exchange-cafe24-code/settings.ts';
import { settings as migrateDatabase } from '#functions/migrate-database/settings.ts';
import { settings as receiveCafe24Code } from '#functions/receive-cafe24-code/settings.ts';
import { settings as recoverCafe24Grants } from '#functions/recover-cafe24-grants/settings.ts';
import { settings as refreshCafe24Token } from '#functions/refresh-cafe24-token/settings.ts';
import { settings as startCafe24Authorization } from '#functions/start-cafe24-authorization/settings.ts';
import {
  LASTING_REFUSAL,
  settings as warnCafe24Expiry,
} from '#functions/warn-cafe24-expiry/settings.ts';
import {
  asCafe24Application,
  toBus,
  toCafe24Secret,
  toEscrow,
  toPostgres,
  variables,
  type Access,
} from '../access.ts';
import { resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { Alarm } from '../constructs/alarm.ts';
import { DeployStep } from '../constructs/deploy-step.ts';
import type { DurableTable } from '../constructs/durable-table.ts';
import { ofKind, ofProvider } from '../constructs/event-pattern.ts';
import { HttpFunction } from '../constructs/http-function.ts';
import { LogLineAlarm } from '../constructs/log-line-alarm.ts';
import type { NodeFunctionProps } from '../constructs/node-function.ts';
import { QueueWorker } from '../constructs/queue-worker.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import type { FlowProps } from './flow.ts';

interface Cafe24FlowProps extends FlowProps {
  readonly escrow: DurableTable;
}

/** What all functions of the flow have in common: they talk to Postgres, after the migration. */
interface Cafe24Parts extends Pick<NodeFunctionProps, 'config' | 'code' | 'after'> {
  readonly database: Access;
  readonly escrow: DurableTable;
}

/** A code becomes a grant, and a grant is kept alive: Postgres, Cafe24, the escrow. */
export class Cafe24Flow extends Construct {
  readonly announce: ScheduledFunction;
  readonly exchange: QueueWorker;
  readonly refresh: QueueWorker;
  readonly warn: ScheduledFunction;
  readonly recover: ScheduledFunction;
  readonly http: readonly HttpFunction[];
  /** What an operator should know of the database, though nothing is wrong with it. */
  readonly databaseNotes: string;

  constructor(scope: Construct, id: string, { config, code, bus, escrow }: Cafe24FlowProps) {
    super(scope, id);
    const database = toPostgres(config);
    const migration = new DeployStep(this, migrateDatabase.name, {
      config,
      code,
      settings: migrateDatabase,
      access: [database, variables(config, ['REFRESH_MARGIN_SECONDS', 'REFRESH_JITTER_SECONDS'])],
    });
    this.databaseNotes = migration.told('notes');
    const parts = { config, code, after: [migration.done], database, escrow };
    this.announce = this.#announce(parts);
    this.exchange = this.#exchange(parts);
    this.refresh = this.#refresh(parts);
    this.warn = this.#warn(parts);
    this.recover = this.#recover(parts);
    this.#watchStrangeGrants(config);
    this.http = [this.#start(parts), this.#receive(parts)];
    bus.route(ofKind(AuthorizationCodeArrived), this.exchange.queue);
    bus.route(ofProvider(TokenExpiryWarning, 'cafe24'), this.refresh.queue);
  }

  /** Somebody's grant came in answer to another mall's request: it is written nowhere. */
  #watchStrangeGrants(config: StageConfig): void {
    for (const { worker } of [this.exchange, this.refresh]) {
      const code = 'grant-of-another-mall';
      const name = `${worker.name}-${code}`;
      new LogLineAlarm(this, name, {
        config,
        name: resourceName(config, name),
        logGroupName: worker.logGroup.name,
        code,
        description:
          'Cafe24 answered for one mall with the grant of another: it was dropped. The log names the mall.',
      });
    }
  }

  #announce(parts: Cafe24Parts): ScheduledFunction {
    const { config, database } = parts;
    return new ScheduledFunction(this, announceCafe24Codes.name, {
      ...parts,
      settings: announceCafe24Codes,
      isWanted: config.CAFE24_CODE_WATCH === 'enabled',
      access: [toBus(config), database, malls(config), mallOfManualRuns(config)],
    });
  }

  #exchange(parts: Cafe24Parts): QueueWorker {
    const { config } = parts;
    return new QueueWorker(this, exchangeCafe24Code.name, {
      ...parts,
      settings: exchangeCafe24Code,
      maximumConcurrency: 5,
      access: [...attempt(parts), malls(config), variables(config, ['CAFE24_REDIRECT_URI'])],
    });
  }

  #refresh(parts: Cafe24Parts): QueueWorker {
    return new QueueWorker(this, refreshCafe24Token.name, {
      ...parts,
      settings: refreshCafe24Token,
      maximumConcurrency: 3,
      access: attempt(parts),
    });
  }

  #warn(parts: Cafe24Parts): ScheduledFunction {
    const { config, database } = parts;
    new Alarm(this, 'refresh-tokens-ending-soon', {
      config,
      name: resourceName(config, 'refresh-tokens-ending-soon'),
      description: 'Grants end within 3 days: their malls must authorize anew.',
      namespace: 'tokenline',
      metricName: 'RefreshTokensEndingSoon',
      dimensions: { service: warnCafe24Expiry.name },
      statistic: 'Maximum',
    });
    const sweep = new ScheduledFunction(this, warnCafe24Expiry.name, {
      ...parts,
      settings: warnCafe24Expiry,
      access: [toBus(config), database, variables(config, ['CAFE24_CLIENT_ID'])],
    });
    new LogLineAlarm(this, LASTING_REFUSAL, {
      config,
      name: resourceName(config, LASTING_REFUSAL),
      logGroupName: sweep.function.logGroup.name,
      code: LASTING_REFUSAL,
      description:
        'Cafe24 has refused malls for a day in words that tokenline does not know, and granted nothing ' +
        'for others: token_attempts.reason and the CAFE24_* settings tell more.',
    });
    return sweep;
  }

  #recover(parts: Cafe24Parts): ScheduledFunction {
    const { config, database, escrow } = parts;
    const escrowed = toEscrow(escrow, { use: 'recovery', provider: 'cafe24' });
    new Alarm(this, 'recovery-failed', {
      config,
      name: resourceName(config, 'recovery-failed'),
      description: 'Something that a dead process left could not be finished for 5 minutes.',
      namespace: 'tokenline',
      metricName: 'RecoveryFailed',
      dimensions: { service: recoverCafe24Grants.name },
      statistic: 'Maximum',
      minutes: 5,
    });
    return new ScheduledFunction(this, recoverCafe24Grants.name, {
      ...parts,
      settings: recoverCafe24Grants,
      access: [toBus(config), database, malls(config), escrowed],
    });
  }

  #start(parts: Cafe24Parts): HttpFunction {
    const { config, database } = parts;
    const redirect = variables(config, ['CAFE24_REDIRECT_URI', 'CAFE24_SCOPES']);
    return new HttpFunction(this, startCafe24Authorization.name, {
      ...parts,
      settings: startCafe24Authorization,
      access: [database, asCafe24Application(config), malls(config), redirect],
    });
  }

  #receive(parts: Cafe24Parts): HttpFunction {
    const { config, database } = parts;
    return new HttpFunction(this, receiveCafe24Code.name, {
      ...parts,
      settings: receiveCafe24Code,
      access: [toBus(config), database, variables(config, ['CAFE24_REDIRECT_URI'])],
    });
  }
}

/** All that an attempt at a new grant needs. */
function attempt({ config, database, escrow }: Cafe24Parts): readonly Access[] {
  return [
    toBus(config),
    database,
    asCafe24Application(config),
    toCafe24Secret(config),
    toEscrow(escrow, { use: 'attempt', provider: 'cafe24' }),
  ];
}

function malls(config: StageConfig): Access {
  return { environment: { CAFE24_MALLS: config.CAFE24_MALLS.join() } };
}

/** The variable of the function's predecessor: whose newest code `{}` announces. */
function mallOfManualRuns({ CAFE24_MALL_ID }: StageConfig): Access {
  return CAFE24_MALL_ID === undefined ? {} : { environment: { CAFE24_MALL_ID } };
}
