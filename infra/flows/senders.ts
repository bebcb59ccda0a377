import { CognitoUserPoolClient } from '@cdktf/provider-aws/lib/cognito-user-pool-client/index.js';
import { DataAwsCognitoUserPoolClient } from '@cdktf/provider-aws/lib/data-aws-cognito-user-pool-client/index.js';
import { CognitoUserPool } from '@cdktf/provider-aws/lib/cognito-user-pool/index.js';
import { Construct } from 'constructs';
import { readParameter, type Access } from '../access.ts';
import { resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';

interface SendersProps {
  readonly config: StageConfig;
}

/** Who may send and search: the users of a pool that is made, or of one that is there already. */
export class Senders extends Construct {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly #config: StageConfig;

  constructor(scope: Construct, id: string, { config }: SendersProps) {
    super(scope, id);
    this.#config = config;
    const { COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID } = config;
    if (COGNITO_USER_POOL_ID && COGNITO_CLIENT_ID) {
      this.userPoolId = COGNITO_USER_POOL_ID;
      this.clientId = COGNITO_CLIENT_ID;
      new DataAwsCognitoUserPoolClient(this, 'adopted-client', {
        userPoolId: COGNITO_USER_POOL_ID,
        clientId: COGNITO_CLIENT_ID,
        lifecycle: { postcondition: [signsInByPassword(COGNITO_CLIENT_ID)] },
      });
      return;
    }
    const pool = new CognitoUserPool(this, 'pool', {
      name: resourceName(config, 'senders'),
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      deletionProtection: config.STAGE === 'local' ? 'INACTIVE' : 'ACTIVE',
    });
    const client = new CognitoUserPoolClient(this, 'client', {
      name: resourceName(config, 'senders'),
      userPoolId: pool.id,
      explicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      // An unknown user and a wrong password look the same.
      preventUserExistenceErrors: 'ENABLED',
    });
    this.userPoolId = pool.id;
    this.clientId = client.id;
  }

  /** To exchange a user's name and password for tokens: an unsigned call, so nothing is allowed for it. */
  toSignIn(): Access {
    const parameter = this.#config.COGNITO_CLIENT_SECRET_PARAMETER;
    const COGNITO_CLIENT_ID = this.clientId;
    if (!parameter) return { environment: { COGNITO_CLIENT_ID } };
    return {
      environment: { COGNITO_CLIENT_ID, COGNITO_CLIENT_SECRET_PARAMETER: parameter },
      statements: [readParameter(this.#config, 'ReadCognitoSecret', parameter)],
    };
  }

  /** To know what a valid token looks like. */
  toVerify(): Access {
    const { COGNITO_ISSUER_BASE, COGNITO_TOKEN_USE } = this.#config;
    return {
      environment: {
        COGNITO_USER_POOL_ID: this.userPoolId,
        COGNITO_CLIENT_ID: this.clientId,
        COGNITO_TOKEN_USE,
        ...(COGNITO_ISSUER_BASE && {
          COGNITO_ISSUER: `${COGNITO_ISSUER_BASE}/${this.userPoolId}`,
        }),
      },
    };
  }
}

/** Found at the deploy, not by the first who signs in. The older name of the flow still counts. */
function signsInByPassword(clientId: string) {
  const allowed = '["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"]';
  return {
    condition: `\${length(setintersection(self.explicit_auth_flows, ${allowed})) > 0}`,
    errorMessage: `The Cognito client ${clientId} does not allow ALLOW_USER_PASSWORD_AUTH, by which users sign in. Allow it in its explicit authentication flows, then deploy again.`,
  };
}
