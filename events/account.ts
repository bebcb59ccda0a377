import { z } from 'zod';
import { defaulted } from './fields.ts';

/** The account whose tokens lie under the names `/claroshop/<name>`. */
export const DEFAULT_ACCOUNT = 'default';

/** Our name of a ClaroShop account. It becomes part of parameters' names, so nothing else may pass. */
export const Account = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,48}$/,
    'expected an account: 1 to 49 of a-z, 0-9 and "-", the first no "-"',
  );

/** As it stands in events: who has one account need not name it. */
export const AccountField = defaulted(Account, DEFAULT_ACCOUNT);
