import { z } from 'zod';
import { DEFAULT_ACCOUNT } from '#events/account.ts';
import { Config as AnnounceCafe24Codes } from '#functions/announce-cafe24-codes/config.ts';
import { Config as FindSlaErrors } from '#functions/find-sla-errors/config.ts';
import { Config as MigrateDatabase } from '#functions/migrate-database/config.ts';
import {
  Cafe24Malls,
  Cafe24RedirectUri,
  Cafe24Scopes,
  cafe24Variables,
} from '#shared/cafe24/config.ts';
import { claroshopStoreVariables, claroshopVariables } from '#shared/claroshop/config.ts';
import { signInVariables, tokenVariables } from '#shared/cognito/config.ts';
import { configProblems, matching, oneOf, Present, wholeNumber } from '#shared/config.ts';
import { TableName } from '#shared/dynamodb/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';
import { TimeZone } from '#shared/sla/config.ts';
import { ParameterName } from '#shared/ssm/config.ts';

/** A list without an entry is a statement of its own, so the variable must be there all the same. */
const CommaList = z
  .string({ error: 'is missing (empty for none)' })
  .transform((text) => text.split(',').filter((entry) => entry !== ''));

/** What functions are told as it stands: judged by the schema that they read it with, kept as text. */
const told = (schema: z.ZodType) =>
  z.string({ error: 'is missing' }).superRefine((text, context) => {
    for (const { path, message } of schema.safeParse(text).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path, message });
    }
  });

/** An unset and an empty variable mean the same: shells and CI systems rarely tell them apart. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const Environment = z.object({
  STAGE: oneOf('local', 'dev', 'prod'),
  NAME_PREFIX: optional(
    matching(/^[a-z][a-z0-9-]{0,19}$/, 'expected 1 to 20 of a-z, 0-9 and "-", a letter first'),
  ).transform((prefix) => prefix ?? 'tokenline'),
  AWS_REGION: matching(
    /^(?!cn-|us-gov-)[a-z]{2}-[a-z]+-\d$/,
    'expected a region of the partition "aws", e.g. eu-west-1',
  ),
  AWS_ACCOUNT_ID: matching(/^\d{12}$/, 'expected 12 digits'),
  AWS_PROVIDER_VERSION: optional(Present),
  STATE_BUCKET: optional(Present),
  LOG_RETENTION_DAYS: wholeNumber('a number of days'),
  ALARM_TOPIC_ARN: optional(matching(/^arn:aws:sns:/, 'expected the ARN of an SNS topic')),
  SCHEDULES: oneOf('enabled', 'disabled'),
  SUBNET_IDS: CommaList,
  SECURITY_GROUP_IDS: CommaList,
  PGHOST: told(postgresVariables.PGHOST),
  PGPORT: told(postgresVariables.PGPORT),
  PGUSER: told(postgresVariables.PGUSER),
  PGDATABASE: told(postgresVariables.PGDATABASE),
  PGSSLMODE: postgresVariables.PGSSLMODE,
  PGPASSWORD_PARAMETER: ParameterName,
  CAFE24_API_URL: told(cafe24Variables.CAFE24_API_URL),
  CAFE24_MALLS: Cafe24Malls,
  CAFE24_MALL_ID: optional(AnnounceCafe24Codes.shape.CAFE24_MALL_ID),
  CAFE24_CODE_WATCH: optional(oneOf('enabled', 'disabled')).transform(
    (watch) => watch ?? 'disabled',
  ),
  CAFE24_CLIENT_ID: told(cafe24Variables.CAFE24_CLIENT_ID),
  CAFE24_CLIENT_SECRET_PARAMETER: ParameterName,
  CAFE24_REDIRECT_URI: told(Cafe24RedirectUri),
  CAFE24_SCOPES: told(Cafe24Scopes),
  CLAROSHOP_TOKEN_URL: told(claroshopVariables.CLAROSHOP_TOKEN_URL),
  CLAROSHOP_ACCOUNTS: optional(claroshopStoreVariables.CLAROSHOP_ACCOUNTS).transform(
    (accounts) => accounts ?? [DEFAULT_ACCOUNT],
  ),
  CLAROSHOP_USERNAME_PARAMETER: ParameterName,
  CLAROSHOP_PASSWORD_PARAMETER: ParameterName,
  CLAROSHOP_MARGIN_SECONDS: optional(
    told(claroshopStoreVariables.CLAROSHOP_MARGIN_SECONDS),
  ).transform((seconds) => seconds ?? '150'),
  CLAROSHOP_KMS_KEY_ARN: optional(claroshopStoreVariables.CLAROSHOP_KMS_KEY_ARN),
  REFRESH_MARGIN_SECONDS: optional(told(MigrateDatabase.shape.REFRESH_MARGIN_SECONDS)).transform(
    (seconds) => seconds ?? '900',
  ),
  REFRESH_JITTER_SECONDS: optional(told(MigrateDatabase.shape.REFRESH_JITTER_SECONDS)).transform(
    (seconds) => seconds ?? '900',
  ),
  SQS_URL_BASE: optional(matching(/^https?:.*[^/]$/, 'expected a URL without "/" at the end')),
  COGNITO_USER_POOL_ID: optional(tokenVariables.COGNITO_USER_POOL_ID),
  COGNITO_CLIENT_ID: optional(tokenVariables.COGNITO_CLIENT_ID),
  COGNITO_CLIENT_SECRET_PARAMETER: optional(signInVariables.COGNITO_CLIENT_SECRET_PARAMETER),
  COGNITO_TOKEN_USE: optional(tokenVariables.COGNITO_TOKEN_USE).transform((use) => use ?? 'id'),
  COGNITO_ISSUER_BASE: optional(tokenVariables.COGNITO_ISSUER),
  DYNAMODB_TABLE: optional(TableName),
  AFFECTED_DATE_INDEX: optional(TableName).transform((name) => name ?? 'AffectedDateIndex'),
  FOLDER_INDEX: optional(TableName).transform((name) => name ?? 'FolderIndex'),
  SLA_TIME_ZONE: told(TimeZone),
  SLA_OPEN_MINUTES: optional(told(FindSlaErrors.shape.SLA_OPEN_MINUTES)).transform(
    (minutes) => minutes ?? '120',
  ),
  API_REQUESTS_PER_SECOND: wholeNumber('a number'),
  API_BURST_REQUESTS: wholeNumber('a number'),
  API_ACCESS_LOG: oneOf('disabled', 'enabled', 'enabled-with-account-role'),
});

/** Rules over two variables, on the raw text: they are judged even when another variable is wrong. */
const Combinations = z
  .record(z.string(), z.string().optional())
  .refine(({ STAGE, STATE_BUCKET }) => STAGE === 'local' || STATE_BUCKET, {
    path: ['STATE_BUCKET'],
    error: 'is missing: every stage but local keeps its state in S3',
  })
  .refine(({ SUBNET_IDS, SECURITY_GROUP_IDS }) => !SUBNET_IDS === !SECURITY_GROUP_IDS, {
    path: ['SECURITY_GROUP_IDS'],
    error: 'SUBNET_IDS and SECURITY_GROUP_IDS go together',
  })
  .refine(
    ({ CAFE24_MALL_ID, CAFE24_MALLS }) =>
      !CAFE24_MALL_ID ||
      CAFE24_MALLS === undefined ||
      CAFE24_MALLS.split(',').includes(CAFE24_MALL_ID),
    { path: ['CAFE24_MALL_ID'], error: 'expected one of CAFE24_MALLS' },
  )
  .refine(
    ({ COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID }) => !COGNITO_USER_POOL_ID === !COGNITO_CLIENT_ID,
    {
      path: ['COGNITO_CLIENT_ID'],
      error: 'COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID go together',
    },
  )
  .refine(
    ({ COGNITO_CLIENT_ID, COGNITO_CLIENT_SECRET_PARAMETER }) =>
      !(COGNITO_CLIENT_SECRET_PARAMETER && !COGNITO_CLIENT_ID),
    {
      path: ['COGNITO_CLIENT_SECRET_PARAMETER'],
      error: 'the client that is made has no secret: name one of your own in COGNITO_CLIENT_ID',
    },
  );

/** Everything that differs between deployments, under the names of the deployer's variables. */
export type StageConfig = Readonly<z.output<typeof Environment>>;

/**
 * Reads a stage's configuration from the deployer's environment.
 *
 * @throws Error that names every variable that is missing or wrong, one per line, never a value.
 */
export function readStageConfig(environment: NodeJS.ProcessEnv): StageConfig {
  const config = Environment.safeParse(environment);
  const combinations = Combinations.safeParse({ ...environment });
  if (config.success && combinations.success) return config.data;
  const problems = [config.error, combinations.error].flatMap((error) =>
    error === undefined ? [] : configProblems(error).map((problem) => `  ${problem}`),
  );
  throw new Error(`The environment does not describe a stage:\n${problems.join('\n')}`);
}

/** The names of all variables that describe a stage. */
export const STAGE_VARIABLES: readonly string[] = Object.keys(Environment.shape);
