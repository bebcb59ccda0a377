import { z } from 'zod';
import { Account } from '#events/account.ts';
import { matching, Present, wholeNumber } from '../config.ts';
import { ParameterName } from '../ssm/config.ts';

/** ClaroShop's public client, the same for everybody. */
export const CLAROSHOP_CLIENT_ID = 'integradores';

/** The token endpoint of the realm; only a local AWS may speak plain http, to itself. */
const TokenUrl = matching(
  /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/127\.0\.0\.1:\d+)\/[\w./~-]+$/,
  'expected https://<host>/<path>, without "?"',
);

/** The variables that every function which talks to ClaroShop reads. */
export const claroshopVariables = {
  CLAROSHOP_TOKEN_URL: TokenUrl,
  /** The account's user name itself, or better the name of the SSM parameter that holds it. */
  CLAROSHOP_USERNAME: Present.optional(),
  CLAROSHOP_USERNAME_PARAMETER: ParameterName.optional(),
  /** The same for its password. */
  CLAROSHOP_PASSWORD: Present.optional(),
  CLAROSHOP_PASSWORD_PARAMETER: ParameterName.optional(),
};
export type ClaroshopConfig = z.infer<z.ZodObject<typeof claroshopVariables>>;

/** Each is named four times in a role's policies, which may have 10,240 characters in all. */
const MAX_ACCOUNTS = 20;

/** The accounts that are served, separated by commas; `default` has the requirement's names. */
const ClaroshopAccounts = Present.transform((list) =>
  list.split(',').filter((account) => account !== ''),
).pipe(
  z
    .array(Account)
    .min(1, 'expected at least one account')
    .max(MAX_ACCOUNTS, `expected at most ${MAX_ACCOUNTS} accounts`),
);

/** The variables that every function which keeps ClaroShop's grants reads. */
export const claroshopStoreVariables = {
  CLAROSHOP_ACCOUNTS: ClaroshopAccounts,
  /** Seconds before its end by which a grant is due. */
  CLAROSHOP_MARGIN_SECONDS: wholeNumber('a number of seconds'),
  /** Of the KMS key that encrypts the tokens; without it the account's own `aws/ssm`. */
  CLAROSHOP_KMS_KEY_ARN: matching(/^arn:aws:kms:/, 'expected the ARN of a KMS key').optional(),
  ATTEMPTS_TABLE: Present,
  ESCROW_TABLE: Present,
  BUS_NAME: Present,
};
export type ClaroshopStoreConfig = z.infer<z.ZodObject<typeof claroshopStoreVariables>>;
