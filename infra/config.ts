import { z } from 'zod';
import { Account, DEFAULT_ACCOUNT } from '#events/account.ts';
import { MallId } from '#events/mall-id.ts';

/** What the other variables leave of Lambda's 4 KB for all of them (AWS documentation, 2026-11). */
const MAX_MALLS_LENGTH = 3000;

/** Each is named four times in a role's policies, which may have 10,240 characters in all. */
const MAX_ACCOUNTS = 20;

const Present = z.string({ error: 'is missing' }).min(1, 'is empty');
const matching = (pattern: RegExp, expected: string) => Present.regex(pattern, expected);

/** A list without an entry is a statement of its own, so the variable must be there all the same. */
const CommaList = z
  .string({ error: 'is missing (empty for none)' })
  .transform((text) => text.split(',').filter((entry) => entry !== ''));

/** Below /claroshop, the functions that keep ClaroShop's tokens may read, write and delete. */
const ParameterName = matching(
  /^\/[\w.\-/]+$/,
  'expected the name of an SSM parameter, beginning with "/"',
).regex(
  /^(?!\/claroshop(\/|$))/,
  'expected a name that is not below /claroshop, the path of tokens',
);

const Seconds = matching(/^\d{1,9}$/, 'expected a number of seconds');

const Count = matching(/^[1-9]\d*$/, 'expected a number').transform(Number);

const TableName = matching(
  /^[a-zA-Z0-9_.-]{3,255}$/,
  'expected 3 to 255 of a-z, A-Z, 0-9, "_", "." and "-"',
);

/** An unset and an empty variable mean the same: shells and CI systems rarely tell them apart. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const Environment = z.object({
  STAGE: z.enum(['local', 'dev', 'prod'], { error: 'expected local, dev or prod' }),
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
  LOG_RETENTION_DAYS: matching(/^[1-9]\d*$/, 'expected a number of days').transform(Number),
  ALARM_TOPIC_ARN: optional(matching(/^arn:aws:sns:/, 'expected the ARN of an SNS topic')),
  SCHEDULES: z.enum(['enabled', 'disabled'], { error: 'expected enabled or disabled' }),
  SUBNET_IDS: CommaList,
  SECURITY_GROUP_IDS: CommaList,
  PGHOST: Present,
  PGPORT: matching(/^\d{1,5}$/, 'expected a port'),
  PGUSER: Present,
  PGDATABASE: Present,
  PGSSLMODE: z.enum(['disable', 'verify-full'], { error: 'expected disable or verify-full' }),
  PGPASSWORD_PARAMETER: ParameterName,
  CAFE24_API_URL: matching(/^https?:\/\/.*\{mallId\}/, 'expected a URL with {mallId} in it'),
  CAFE24_MALLS: CommaList.pipe(z.array(MallId).min(1, 'expected at least one mall id')).refine(
    (malls) => malls.join().length <= MAX_MALLS_LENGTH,
    `expected at most ${MAX_MALLS_LENGTH} characters: a function's variables share 4 KB`,
  ),
  CAFE24_MALL_ID: optional(MallId),
  CAFE24_CODE_WATCH: optional(
    z.enum(['enabled', 'disabled'], { error: 'expected enabled or disabled' }),
  ).transform((watch) => watch ?? 'disabled'),
  CAFE24_CLIENT_ID: Present,
  CAFE24_CLIENT_SECRET_PARAMETER: ParameterName,
  CAFE24_REDIRECT_URI: Present,
  CAFE24_SCOPES: matching(/^[\w.]+(,[\w.]+)*$/, 'expected scopes separated by commas'),
  CLAROSHOP_TOKEN_URL: matching(/^https?:\/\//, 'expected a URL'),
  CLAROSHOP_ACCOUNTS: optional(CommaList.pipe(z.array(Account).min(1).max(MAX_ACCOUNTS))).transform(
    (accounts) => accounts ?? [DEFAULT_ACCOUNT],
  ),
  CLAROSHOP_USERNAME_PARAMETER: ParameterName,
  CLAROSHOP_PASSWORD_PARAMETER: ParameterName,
  CLAROSHOP_MARGIN_SECONDS: optional(Seconds).transform((seconds) => seconds ?? '150'),
  CLAROSHOP_KMS_KEY_ARN: optional(matching(/^arn:aws:kms:/, 'expected the ARN of a KMS key')),
  REFRESH_MARGIN_SECONDS: optional(Seconds).transform((seconds) => seconds ?? '900'),
  REFRESH_JITTER_SECONDS: optional(Seconds).transform((seconds) => seconds ?? '900'),
  SQS_URL_BASE: optional(matching(/^https?:.*[^/]$/, 'expected a URL without "/" at the end')),
  COGNITO_USER_POOL_ID: optional(Present),
  COGNITO_CLIENT_ID: optional(Present),
  COGNITO_CLIENT_SECRET_PARAMETER: optional(ParameterName),
  COGNITO_TOKEN_USE: optional(
    z.enum(['id', 'access'], { error: 'expected id or access' }),
  ).transform((use) => use ?? 'id'),
  COGNITO_ISSUER_BASE: optional(
    matching(/^https?:.*[^/]$/, 'expected a URL without "/" at the end'),
  ),
  DYNAMODB_TABLE: optional(TableName),
  AFFECTED_DATE_INDEX: optional(TableName).transform((name) => name ?? 'AffectedDateIndex'),
  FOLDER_INDEX: optional(TableName).transform((name) => name ?? 'FolderIndex'),
  SLA_TIME_ZONE: Present,
  SLA_OPEN_MINUTES: optional(matching(/^[1-9]\d*$/, 'expected a number of minutes')).transform(
    (minutes) => minutes ?? '120',
  ),
  API_REQUESTS_PER_SECOND: Count,
  API_BURST_REQUESTS: Count,
  API_ACCESS_LOG: z.enum(['disabled', 'enabled', 'enabled-with-account-role'], {
    error: 'expected disabled, enabled or enabled-with-account-role',
  }),
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
  const issues = [...(config.error?.issues ?? []), ...(combinations.error?.issues ?? [])];
  if (config.success && issues.length === 0) return config.data;
  const problems = issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`The environment does not describe a stage:\n${problems.join('\n')}`);
}

/** The names of all variables that describe a stage. */
export const STAGE_VARIABLES: readonly string[] = Object.keys(Environment.shape);
