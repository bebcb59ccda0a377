import { DEFAULT_ACCOUNT } from '#events/account.ts';
import { readParameter, variables, type Access } from './access.ts';
import { arn } from './arns.ts';
import type { StageConfig } from './config.ts';
import type { DurableTable } from './constructs/durable-table.ts';
import type { Statement } from './constructs/statements.ts';

/** To ClaroShop's token endpoint, without any credentials: its client is a public one. */
export function asClaroshopClient(config: StageConfig): Access {
  return variables(config, ['CLAROSHOP_TOKEN_URL']);
}

/** To the credentials of the accounts that are served. They are named, not told. */
export function toClaroshopCredentials(config: StageConfig): Access {
  const { CLAROSHOP_USERNAME_PARAMETER, CLAROSHOP_PASSWORD_PARAMETER } = config;
  const names = [CLAROSHOP_USERNAME_PARAMETER, CLAROSHOP_PASSWORD_PARAMETER].flatMap((name) =>
    config.CLAROSHOP_ACCOUNTS.map((account) =>
      account === DEFAULT_ACCOUNT ? name : `${name}/${account}`,
    ),
  );
  const { Sid, Action } = readParameter(config, 'ReadClaroshopCredentials', '');
  const Resource = names.map((name) => arn(config, 'ssm', `parameter${name}`));
  return {
    environment: { CLAROSHOP_USERNAME_PARAMETER, CLAROSHOP_PASSWORD_PARAMETER },
    statements: [{ Sid, Action, Resource }],
  };
}

/** To the accounts' tokens in Parameter Store, and to the key that encrypts them, if it is named. */
export function toClaroshopTokens(config: StageConfig): Access {
  const { CLAROSHOP_ACCOUNTS, CLAROSHOP_KMS_KEY_ARN, CLAROSHOP_MARGIN_SECONDS } = config;
  const paths = CLAROSHOP_ACCOUNTS.map((account) =>
    account === DEFAULT_ACCOUNT ? '/claroshop' : `/claroshop/accounts/${account}`,
  );
  return {
    environment: {
      CLAROSHOP_ACCOUNTS: CLAROSHOP_ACCOUNTS.join(),
      CLAROSHOP_MARGIN_SECONDS,
      ...(CLAROSHOP_KMS_KEY_ARN && { CLAROSHOP_KMS_KEY_ARN }),
    },
    statements: [
      {
        Sid: 'KeepTokens',
        Action: ['ssm:GetParameters', 'ssm:PutParameter', 'ssm:DeleteParameter'],
        Resource: paths.map((path) => arn(config, 'ssm', `parameter${path}/*`)),
      },
      ...(CLAROSHOP_KMS_KEY_ARN ? [useKey(CLAROSHOP_KMS_KEY_ARN)] : []),
    ],
  };
}

/** Standard parameters are encrypted by the key itself, advanced ones by a data key. */
function useKey(keyArn: string): Statement {
  return {
    Sid: 'EncryptTokens',
    Action: ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: [keyArn],
  };
}

/** To leases, history and outbox of the attempts at new grants, of the served accounts only. */
export function toAttempts(table: DurableTable, config: StageConfig): Access {
  const subjects = config.CLAROSHOP_ACCOUNTS.map((account) => `claroshop:${account}`);
  return {
    environment: { ATTEMPTS_TABLE: table.table.name },
    statements: [
      {
        Sid: 'Attempts',
        Action: [
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          // Whoever stores a grant by password takes away the mark of refused credentials with it.
          'dynamodb:DeleteItem',
        ],
        Resource: [table.arn],
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': subjects } },
      },
    ],
  };
}
