import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { authenticateUser } from '#functions/authenticate-user/authenticate-user.ts';
import { cognitoSignIn, type PoolClient } from '#shared/cognito/sign-in.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { jsonRequest, lambdaContext, proxyEvent } from '#test/support/http-requests.ts';
import { logText } from '#test/support/log-text.ts';
import { recordingLog, type RecordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';
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

async function post(
  event = jsonRequest(USER),
  secret?: PoolClient['secret'],
): Promise<{ status: number; body: Record<string, unknown> }> {
  const dependencies = { signIn: cognitoSignIn(cognito.client, { clientId: 'client-1', secret }) };
  const handler = httpHandler(
    { route: 'POST /auth', answer: (request) => authenticateUser(request, dependencies) },
    { log, metrics: recordingMetrics() },
  );
  const result = await handler(event, lambdaContext());
  expect(result.headers).toMatchObject({ 'content-type': 'application/json' });
  return { status: result.statusCode, body: JSON.parse(result.body) as Record<string, unknown> };
}

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

describe('a bad request', () => {
  const expectedName = 'expected a user name: text of 1 to 128 characters';
  const expectedPassword = 'expected a password: text of 1 to 256 characters';
  const both = [
    { path: 'username', message: expectedName },
    { path: 'password', message: expectedPassword },
  ];

  test.each([
    ['{', [{ path: 'body', message: 'expected JSON' }]],
    ['', [{ path: 'body', message: 'expected JSON' }]],
    ['null', [{ path: 'body', message: 'expected a JSON object with username and password' }]],
    ['[]', [{ path: 'body', message: 'expected a JSON object with username and password' }]],
    ['{}', both],
    ['{"username":"","password":7}', both],
    ['{"username":null,"password":{"value":null}}', both],
    [JSON.stringify({ username: 'a'.repeat(129), password: 'a'.repeat(257) }), both],
    ['{"username":"ana"}', [{ path: 'password', message: expectedPassword }]],
  ])('%.40s names its fields and never reaches Cognito', async (body, problems) => {
    expect(await post(proxyEvent({ body }))).toEqual({
      status: 400,
      body: { message: 'Bad request', problems },
    });
    expect(cognito.asked).toEqual([]);
  });
});

describe('text that no store takes', () => {
  const without = 'without U+0000, U+FFFE, U+FFFF and halves of surrogate pairs';

  test.each(['\u0000', '\ufffe', '\uffff', '\ud83d', '\ude00'])(
    'is refused by name, and never reaches Cognito (%j)',
    async (odd) => {
      expect(await post(jsonRequest({ username: `a${odd}`, password: `b${odd}` }))).toEqual({
        status: 400,
        body: {
          message: 'Bad request',
          problems: [
            { path: 'username', message: `expected a user name ${without}` },
            { path: 'password', message: `expected a password ${without}` },
          ],
        },
      });
      expect(cognito.asked).toEqual([]);
    },
  );
});

test.each([
  ['as long as Cognito takes them', { username: 'a'.repeat(128), password: '😀'.repeat(128) }],
  ['beside fields that it does not know', { ...USER, clientMetadata: null, remember: true }],
  [
    'from a file, with what Get-Content adds',
    { ...USER, password: { value: USER.password, PSPath: 'C:\\p.txt', ReadCount: 1 } },
  ],
])('a name and a password %s reach Cognito as they are', async (_, body) => {
  expect(await post(jsonRequest(body))).toMatchObject({ status: 200 });
  const password = typeof body.password === 'string' ? body.password : USER.password;
  expect(cognito.asked[0]).toMatchObject({
    AuthParameters: { USERNAME: body.username, PASSWORD: password },
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
