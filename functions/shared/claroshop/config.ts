import { z } from 'zod';
import { Account } from '#events/account.ts';

/** ClaroShop's public client, the same for everybody. */
export const CLAROSHOP_CLIENT_ID = 'integradores';

/** The token endpoint of the realm; only a local AWS may speak plain http, to itself. */
const TokenUrl = z
  .string()
  .regex(
    /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/127\.0\.0\.1:\d+)\/[\w./~-]+$/,
    'expected https://<host>/<path>',
  );

/**
 * The name of a parameter that holds credentials. Not below the path of the tokens: there, what keeps
 * them may write and delete, and does so with eight of the names.
 */
const CredentialsParameter = z
  .string()
  .min(1)
  .regex(
    /^(?!\/claroshop(\/|$))/,
    'expected a name that is not below /claroshop, the path of tokens',
  );

/** The variables that every function which talks to ClaroShop reads. */
export const claroshopVariables = {
  CLAROSHOP_TOKEN_URL: TokenUrl,
  /** The account's user name itself, or better the name of the SSM parameter that holds it. */
  CLAROSHOP_USERNAME: z.string().min(1).optional(),
  CLAROSHOP_USERNAME_PARAMETER: CredentialsParameter.optional(),
  /** The same for its password. */
  CLAROSHOP_PASSWORD: z.string().min(1).optional(),
  CLAROSHOP_PASSWORD_PARAMETER: CredentialsParameter.optional(),
};
export type ClaroshopConfig = z.infer<z.ZodObject<typeof claroshopVariables>>;

/** The accounts that are served, separated by commas; `default` has the requirement's names. */
const ClaroshopAccounts = z
  .string()
  .transform((list) => list.split(',').filter((account) => account !== ''))
  .pipe(z.array(Account));

/** The variables that every function which keeps ClaroShop's grants reads. */
export const claroshopStoreVariables = {
  CLAROSHOP_ACCOUNTS: ClaroshopAccounts,
  /** Seconds before its end by which a grant is due. */
  CLAROSHOP_MARGIN_SECONDS: z.coerce.number().int().positive(),
  /** Of the KMS key that encrypts the tokens; without it the account's own `aws/ssm`. */
  CLAROSHOP_KMS_KEY_ARN: z.string().min(1).optional(),
  ATTEMPTS_TABLE: z.string().min(1),
  ESCROW_TABLE: z.string().min(1),
  BUS_NAME: z.string().min(1),
};
export type ClaroshopStoreConfig = z.infer<z.ZodObject<typeof claroshopStoreVariables>>;
