import { describe, expect, test } from 'vitest';
import { readStageConfig } from '#infra/config.ts';
import { DEV_ENVIRONMENT, LOCAL_ENVIRONMENT } from '#test/support/synthesized-stack.ts';

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readStageConfig(environment);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

describe('the configuration of a stage', () => {
  test('reads lists and numbers', () => {
    const config = readStageConfig({
      ...DEV_ENVIRONMENT,
      SUBNET_IDS: 'subnet-1,subnet-2',
      SECURITY_GROUP_IDS: 'sg-1',
    });

    expect(config).toMatchObject({
      LOG_RETENTION_DAYS: 30,
      SUBNET_IDS: ['subnet-1', 'subnet-2'],
      SECURITY_GROUP_IDS: ['sg-1'],
      CAFE24_MALLS: ['mall-one', 'mall-two'],
    });
  });

  test('takes an empty optional variable for an unset one', () => {
    const config = readStageConfig({ ...DEV_ENVIRONMENT, NAME_PREFIX: '', ALARM_TOPIC_ARN: '' });

    expect(config.NAME_PREFIX).toBe('tokenline');
    expect(config.ALARM_TOPIC_ARN).toBeUndefined();
  });

  test('names every missing variable at once', () => {
    const missing = problemsOf({}).map((problem) => problem.trim().split(':')[0]);

    const required = Object.keys(DEV_ENVIRONMENT);
    expect(missing.sort()).toEqual(required.sort());
  });

  test('names every wrong variable at once, with what is expected and without its value', () => {
    const problems = problemsOf({
      ...DEV_ENVIRONMENT,
      AWS_ACCOUNT_ID: '12',
      PGSSLMODE: 'prefer',
      CAFE24_MALLS: 'mall-one,No_Mall',
      CAFE24_API_URL: 'https://cafe24api.com',
      STATE_BUCKET: '',
      SUBNET_IDS: 'subnet-1',
    });

    expect(problems).toEqual([
      '  AWS_ACCOUNT_ID: expected 12 digits',
      '  PGSSLMODE: expected disable or verify-full',
      expect.stringMatching(/^ {2}CAFE24_API_URL: expected https:\/\/{mallId}/),
      expect.stringMatching(/^ {2}CAFE24_MALLS\.1: expected a mall id/),
      '  STATE_BUCKET: is missing: every stage but local keeps its state in S3',
      '  SECURITY_GROUP_IDS: SUBNET_IDS and SECURITY_GROUP_IDS go together',
    ]);
  });

  test('needs no bucket in the local stage', () => {
    expect(problemsOf(LOCAL_ENVIRONMENT)).toEqual([]);
  });

  test('makes what is not named: a user pool, a table, the usual margins', () => {
    const config = readStageConfig(DEV_ENVIRONMENT);

    expect(config.COGNITO_USER_POOL_ID).toBeUndefined();
    expect(config.DYNAMODB_TABLE).toBeUndefined();
    expect(config).toMatchObject({
      AFFECTED_DATE_INDEX: 'AffectedDateIndex',
      FOLDER_INDEX: 'FolderIndex',
      REFRESH_MARGIN_SECONDS: '900',
      REFRESH_JITTER_SECONDS: '900',
    });
  });

  test('adopts a user pool only together with its client', () => {
    expect(problemsOf({ ...DEV_ENVIRONMENT, COGNITO_USER_POOL_ID: 'eu-west-1_1' })).toEqual([
      '  COGNITO_CLIENT_ID: COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID go together',
    ]);
    expect(problemsOf({ ...DEV_ENVIRONMENT, COGNITO_CLIENT_SECRET_PARAMETER: '/secret' })).toEqual([
      '  COGNITO_CLIENT_SECRET_PARAMETER: the client that is made has no secret: name one of your own in COGNITO_CLIENT_ID',
    ]);
  });

  test('watches for codes only when it is told to, and announces those of malls that it serves', () => {
    expect(readStageConfig(DEV_ENVIRONMENT)).toMatchObject({ CAFE24_CODE_WATCH: 'disabled' });
    expect(readStageConfig(DEV_ENVIRONMENT).CAFE24_MALL_ID).toBeUndefined();
    expect(problemsOf({ ...DEV_ENVIRONMENT, CAFE24_MALL_ID: 'mall-two' })).toEqual([]);
    expect(
      problemsOf({ ...DEV_ENVIRONMENT, CAFE24_MALL_ID: 'mall-three', CAFE24_CODE_WATCH: 'on' }),
    ).toEqual([
      '  CAFE24_CODE_WATCH: expected enabled or disabled',
      '  CAFE24_MALL_ID: expected one of CAFE24_MALLS',
    ]);
  });

  test.each(['password', 'no/slash/first', '/with space'])(
    'refuses %o as the name of a parameter',
    (PGPASSWORD_PARAMETER) => {
      expect(problemsOf({ ...DEV_ENVIRONMENT, PGPASSWORD_PARAMETER })).toHaveLength(1);
    },
  );
});
