import { arn } from './arns.ts';
import type { StageConfig } from './config.ts';
import type { DurableTable } from './constructs/durable-table.ts';
import type { Statement } from './constructs/statements.ts';

/** Something outside that a function uses: what it is told of it, and what it may do with it. */
export interface Access {
  readonly environment?: Readonly<Record<string, string>>;
  readonly statements?: readonly Statement[];
  /** It is reached from the stage's network only, where the stage has one. */
  readonly inNetwork?: true;
}

type TextVariable = {
  [Name in keyof StageConfig]-?: StageConfig[Name] extends string ? Name : never;
}[keyof StageConfig];

/** Variables of the stage that a function reads under the same names. */
export function variables(config: StageConfig, names: readonly TextVariable[]): Access {
  return { environment: Object.fromEntries(names.map((name) => [name, config[name]])) };
}

/** To publish on tokenline's bus, which is named as the prefix. */
export function toBus(config: StageConfig): Access {
  const Resource = [arn(config, 'events', `event-bus/${config.NAME_PREFIX}`)];
  return {
    environment: { BUS_NAME: config.NAME_PREFIX },
    statements: [{ Sid: 'Publish', Action: ['events:PutEvents'], Resource }],
  };
}

/** To Postgres. The password is named, not told. */
export function toPostgres(config: StageConfig): Access {
  return {
    environment: {
      PGHOST: config.PGHOST,
      PGPORT: config.PGPORT,
      PGUSER: config.PGUSER,
      PGDATABASE: config.PGDATABASE,
      PGSSLMODE: config.PGSSLMODE,
      PGPASSWORD_PARAMETER: config.PGPASSWORD_PARAMETER,
      // RDS's certificate authorities come with Lambda's runtime, but Node loads them only on demand
      // (AWS documentation of the Node 20 runtime and later, read 2026-11).
      ...(config.PGSSLMODE === 'verify-full' && {
        NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
      }),
    },
    statements: [readParameter(config, 'ReadPostgresPassword', config.PGPASSWORD_PARAMETER)],
    inNetwork: true,
  };
}

/** To Cafe24 as one of its applications, without the client's secret. */
export function asCafe24Application(config: StageConfig): Access {
  const { CAFE24_API_URL, CAFE24_CLIENT_ID } = config;
  return { environment: { CAFE24_API_URL, CAFE24_CLIENT_ID } };
}

/** To the client's secret, with which Cafe24 gives tokens. It is named, not told. */
export function toCafe24Secret(config: StageConfig): Access {
  const { CAFE24_CLIENT_SECRET_PARAMETER } = config;
  return {
    environment: { CAFE24_CLIENT_SECRET_PARAMETER },
    statements: [readParameter(config, 'ReadCafe24Secret', CAFE24_CLIENT_SECRET_PARAMETER)],
  };
}

/** What a function does with escrowed grants: put one there and clear up, or find them all. */
const ESCROW_ACTIONS = {
  attempt: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:DeleteItem'],
  recovery: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:DeleteItem'],
  attemptAndRecovery: [
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:GetItem',
    'dynamodb:DeleteItem',
  ],
} as const;

export interface EscrowUse {
  readonly use: keyof typeof ESCROW_ACTIONS;
  readonly provider: 'cafe24' | 'claroshop';
}

/** To the grants in escrow, of one provider only. */
export function toEscrow(table: DurableTable, { use, provider }: EscrowUse): Access {
  return {
    environment: { ESCROW_TABLE: table.table.name },
    statements: [
      {
        Sid: 'Escrow',
        Action: ESCROW_ACTIONS[use],
        Resource: [table.arn],
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [provider] } },
      },
    ],
  };
}

/**
 * Leave to read exactly this parameter, by its name that begins with "/".
 *
 * A SecureString under the account's own `aws/ssm` key needs no more: that key admits the account's
 * principals through SSM. A key of your own must admit the functions' roles in its key policy.
 */
export function readParameter(config: StageConfig, Sid: string, name: string): Statement {
  return { Sid, Action: ['ssm:GetParameter'], Resource: [arn(config, 'ssm', `parameter${name}`)] };
}
