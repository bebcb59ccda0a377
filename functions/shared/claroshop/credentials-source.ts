import type { SSMClient } from '@aws-sdk/client-ssm';
import { DEFAULT_ACCOUNT } from '#events/account.ts';
import type { Clock } from '../clock.ts';
import { RuleViolatedError } from '../errors.ts';
import { secretFrom } from '../ssm/secret.ts';
import type { ClaroshopConfig } from './config.ts';
import type { CredentialsSource } from './credentials.ts';

interface Means {
  readonly ssm: SSMClient;
  readonly clock: Clock;
}

/**
 * The credentials of each account: the default one's from the variables, or better from the
 * parameters that they name; a further account's from the same parameters' names with `/<account>`
 * behind them.
 *
 * @throws {@link ConfigurationError} the credentials of one of the accounts are nowhere.
 */
export function credentialsSources(
  accounts: readonly string[],
  config: ClaroshopConfig,
  means: Means,
): (account: string) => CredentialsSource {
  const sources = new Map(accounts.map((account) => [account, sourceOf(account, config, means)]));
  return (account) => {
    const source = sources.get(account);
    if (source !== undefined) return source;
    throw new RuleViolatedError('unknown-account', `${account} is not in CLAROSHOP_ACCOUNTS.`);
  };
}

function sourceOf(account: string, config: ClaroshopConfig, means: Means): CredentialsSource {
  const secretOf = (name: 'CLAROSHOP_USERNAME' | 'CLAROSHOP_PASSWORD') => {
    const parameter = config[`${name}_PARAMETER`];
    const isDefault = account === DEFAULT_ACCOUNT;
    const further = parameter && `${parameter}/${account}`;
    const source = isDefault
      ? { name, value: config[name], parameter }
      : { name, value: undefined, parameter: further };
    return secretFrom(source, means);
  };
  const username = secretOf('CLAROSHOP_USERNAME');
  const password = secretOf('CLAROSHOP_PASSWORD');
  return {
    async read() {
      username.forget();
      password.forget();
      return { username: await username.read(), password: await password.read() };
    },
  };
}
