import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { settingsOf } from './clients.ts';
import type { LocalAws } from './local-aws.ts';

/** Of somebody who may send and search. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/** Whoever tries the printed commands; the pool that knows it ends with the local AWS. */
export const DEMO_ACCOUNT: Account = { username: 'demo-sender', password: 'Demo-sender-1' };

export const emailOf = ({ username }: Account): string => `${username}@sender.example`;

/** Makes an account as an operator does, or gives the one that is there this password. */
export async function ensureAccount(
  localAws: LocalAws,
  userPoolId: string,
  account: Account,
): Promise<void> {
  const cognito = new CognitoIdentityProviderClient(settingsOf(localAws));
  const user = { UserPoolId: userPoolId, Username: account.username };
  const email = { Name: 'email', Value: emailOf(account) };
  await cognito
    .send(
      new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS', UserAttributes: [email] }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof UsernameExistsException)) throw error;
    });
  await cognito.send(
    new AdminSetUserPasswordCommand({ ...user, Password: account.password, Permanent: true }),
  );
}
