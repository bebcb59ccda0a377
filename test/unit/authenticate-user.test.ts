import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it, test } from 'vitest';
import type { PoolClient } from '#shared/cognito/sign-in.ts';
import { jsonRequest, proxyEvent } from '#test/support/http-requests.ts';
import { logText } from '#test/support/log-text.ts';
import { recordingLog, type RecordingLog } from '#test/support/recording-log.ts';
import { postAuth } from '#test/support/post-auth.ts';
import {
  cognitoAnswer,
  cognitoError,
  cognitoTokens,
  cognitoTokensAnswer,
  cognitoTokensForms,
  scriptedCognito,
  type ScriptedCognito,
} from '#test/support/scripted-cognito.ts';

const USER = { username: 'ana@sender.example', password: 'Corre-ct0 caballo' };

let cognito: ScriptedCognito;
let log: RecordingLog;
let secrets: string[];
let forgotten: number;

beforeEach(() => {
  cognito = scriptedCognito();
  cognito.answersWith(cognitoTokensAnswer('the-id-token'));
  log = recordingLog();
  secrets = ['client-secret'];
  forgotten = 0;
});

const rotatingSecret = {
  read: () => Promise.resolve(secrets[Math.min(forgotten, secrets.length - 1)]!),
  forget: () => {
    forgotten += 1;
  },
};

const post = (event = jsonRequest(USER), secret?: PoolClient['secret']) =>
  postAuth({ cognito, log, secret }, event);

const hashOf = (secret: string) =>
  createHmac('sha256', secret)
    .update('ana@sender.example' + 'client-1')
    .digest('base64');

describe('authenticate-user', () => {
  it('answers with the ID token, its type and its life in seconds', async () => {
    expect(await post()).toEqual({
      status: 200,
      body: { token: 'the-id-token', tokenType: 'Bearer', expiresIn: 3600 },
    });
  });

  it.each(Object.entries(cognitoTokensForms))('reads an answer with %s', async (_, form) => {
    cognito.answersWith(form('the-id-token'));
    expect(await post()).toEqual({
      status: 200,
      body: { token: 'the-id-token', tokenType: 'Bearer', expiresIn: 3600 },
    });
  });

  it('asks Cognito for USER_PASSWORD_AUTH, unsigned, without a hash for a client without secret', async () => {
    await post();
    expect(cognito.asked).toEqual([
      {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: 'client-1',
        AuthParameters: { USERNAME: 'ana@sender.example', PASSWORD: 'Corre-ct0 caballo' },
      },
    ]);
    expect(cognito.headers[0]).not.toHaveProperty('authorization');
  });

  it('proves the secret of a client that has one', async () => {
    await post(jsonRequest(USER), rotatingSecret);
    expect(cognito.asked[0]).toMatchObject({
      AuthParameters: { SECRET_HASH: hashOf('client-secret') },
    });
  });

  it('reads a secret afresh once when Cognito refuses it', async () => {
    secrets = ['old-secret', 'new-secret'];
    cognito.answersWith(
      cognitoError('NotAuthorizedException', 'Unable to verify secret hash for client client-1'),
      cognitoTokensAnswer('the-id-token'),
    );
    expect(await post(jsonRequest(USER), rotatingSecret)).toMatchObject({ status: 200 });
    expect(cognito.asked[1]).toMatchObject({
      AuthParameters: { SECRET_HASH: hashOf('new-secret') },
    });
  });

  it('takes a name and a password in Latin-1', async () => {
    const body = Buffer.from(
      JSON.stringify({ username: 'Iñaki', password: 'contraseña' }),
      'latin1',
    );
    await post(proxyEvent({ body: body.toString('base64'), isBase64Encoded: true }));
    expect(cognito.asked[0]).toMatchObject({
      AuthParameters: { USERNAME: 'Iñaki', PASSWORD: 'contraseña' },
    });
  });
});

const UNAUTHORIZED = { message: 'Unauthorized' };
const OURS = { message: 'Internal server error' };
const AWAY = { message: 'Service unavailable. You may send the same request again without harm.' };
const BUSY = { message: 'Too many requests' };
const notAdmitted = 'not admitted by Cognito together with the other field';

describe('what Cognito says', () => {
  test.each([
    ['NotAuthorizedException', 'Incorrect username or password.', 401, UNAUTHORIZED],
    ['NotAuthorizedException', 'User is disabled.', 401, UNAUTHORIZED],
    [
      'NotAuthorizedException',
      'Temporary password has expired and must be reset by an administrator.',
      401,
      UNAUTHORIZED,
    ],
    ['NotAuthorizedException', 'Unable to login because of security reasons.', 401, UNAUTHORIZED],
    ['NotAuthorizedException', 'Request not allowed due to security reasons.', 401, UNAUTHORIZED],
    ['NotAuthorizedException', 'Auth flow not enabled for this client', 500, OURS],
    ['LimitExceededException', 'Attempt limit exceeded, please try after some time.', 429, BUSY],
    ['TooManyFailedAttemptsException', 'Too many failed attempts', 429, BUSY],
    ['ThrottlingException', 'Rate exceeded', 429, BUSY],
    ['UserNotFoundException', 'User does not exist.', 401, UNAUTHORIZED],
    ['UserLambdaValidationException', 'PreAuthentication failed', 401, UNAUTHORIZED],
    ['NotAuthorizedException', 'Password attempts exceeded', 429, BUSY],
    ['TooManyRequestsException', 'Rate exceeded', 429, BUSY],
    ['NotAuthorizedException', 'Unable to verify secret hash for client c', 500, OURS],
    [
      'NotAuthorizedException',
      'Client c is configured with secret but SECRET_HASH was not received',
      500,
      OURS,
    ],
    ['ResourceNotFoundException', 'User pool client c does not exist.', 500, OURS],
    ['InvalidUserPoolConfigurationException', 'no email', 500, OURS],
    ['UnexpectedLambdaException', 'a trigger failed', 500, OURS],
    ['ForbiddenException', 'WAF', 500, OURS],
    ['SomethingNewException', 'of next year', 500, OURS],
    ['InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client', 500, OURS],
    ['InvalidParameterException', 'Auth flow not enabled for this client', 500, OURS],
    ['InvalidParameterException', 'Initiate Auth method not supported.', 500, OURS],
    [
      'InvalidParameterException',
      'Custom auth lambda trigger is not configured for the user pool.',
      500,
      OURS,
    ],
    [
      'InvalidParameterException',
      "1 validation error detected: Value at 'clientId' failed to satisfy constraint: pattern",
      500,
      OURS,
    ],
    ['ResourceNotFoundException', 'User pool us-east-1_x does not exist.', 500, OURS],
    ['InvalidLambdaResponseException', 'Unrecognizable lambda output', 500, OURS],
    ['InvalidSmsRoleAccessPolicyException', 'no permission', 500, OURS],
    ['UnsupportedOperationException', 'not enabled for the client', 500, OURS],
    ['FeatureUnavailableInTierException', 'not in this plan', 500, OURS],
    ['OperationNotEnabledException', 'a replica region', 500, OURS],
    ['constructor', 'of no table', 500, OURS],
    [
      'PasswordHistoryPolicyViolationException',
      'Password was used before',
      403,
      { message: 'Forbidden', code: 'password-reset-required' },
    ],
    [
      'InvalidParameterException',
      'Value at USERNAME failed to satisfy constraint',
      400,
      {
        message: 'Bad request',
        problems: [
          { path: 'username', message: notAdmitted },
          { path: 'password', message: notAdmitted },
        ],
      },
    ],
    [
      'UserNotConfirmedException',
      'User is not confirmed.',
      403,
      { message: 'Forbidden', code: 'user-not-confirmed' },
    ],
    [
      'PasswordResetRequiredException',
      'Password reset required for the user',
      403,
      { message: 'Forbidden', code: 'password-reset-required' },
    ],
  ])('%s "%s" becomes %i', async (name, message, ...expected) => {
    cognito.answersWith(cognitoError(name, message));
    const [status, body] = expected;
    expect(await post()).toEqual({ status, body });
  });

  it('is judged by its name, not by its HTTP status', async () => {
    cognito.answersWith(
      cognitoError('NotAuthorizedException', 'Incorrect username or password.', 403),
    );
    expect(await post()).toEqual({ status: 401, body: UNAUTHORIZED });
  });

  test.each([
    ['NEW_PASSWORD_REQUIRED', 'new-password-required'],
    ['SOFTWARE_TOKEN_MFA', 'software-token-mfa'],
  ])('a challenge %s becomes 403 with its code, and its session stays here', async (name, code) => {
    cognito.answersWith(cognitoAnswer({ ChallengeName: name, Session: 'session-1' }));
    expect(await post()).toEqual({ status: 403, body: { message: 'Forbidden', code } });
  });

  test.each([
    ['its own failure', cognitoError('InternalErrorException', 'oops', 500)],
    ['no answer', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
    ['a proxy in the way', { status: 502, body: {} }],
  ])('%s becomes 503', async (_name, answer) => {
    cognito.answersWith(answer);
    expect(await post()).toEqual({ status: 503, body: AWAY });
  });

  it('that is neither token nor challenge becomes 500', async () => {
    const withoutToken = { ...cognitoTokens(''), IdToken: null };
    for (const answer of [
      { status: 200, body: {} },
      cognitoAnswer(),
      cognitoAnswer({ ChallengeName: '', AuthenticationResult: cognitoTokens('') }),
      cognitoAnswer({ AuthenticationResult: withoutToken }),
    ]) {
      cognito.answersWith(answer);
      expect(await post()).toEqual({ status: 500, body: OURS });
    }
  });
});

test('no password, no token and no e-mail address is in any log line', async () => {
  const answers = [
    cognitoTokensAnswer('the-id-token'),
    cognitoError('NotAuthorizedException', 'Incorrect username or password.'),
    cognitoError('InvalidParameterException', `Value ${USER.password} of ${USER.username}`),
    cognitoError('ResourceNotFoundException', 'User pool client c does not exist.'),
    cognitoError('NotAuthorizedException', 'Unable to verify secret hash for client c'),
    cognitoError('InternalErrorException', 'oops', 500),
  ];
  for (const answer of answers) {
    cognito.answersWith(answer);
    await post(jsonRequest(USER), rotatingSecret);
  }
  const text = logText(log);
  expect(log.lines.length).toBeGreaterThan(answers.length);
  for (const secret of [USER.username, USER.password, 'the-id-token', 'client-secret']) {
    expect(text).not.toContain(secret);
  }
});
