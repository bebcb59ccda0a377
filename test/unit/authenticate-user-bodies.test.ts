import { beforeEach, describe, expect, test } from 'vitest';
import { jsonRequest, proxyEvent } from '#test/support/http-requests.ts';
import { postAuth } from '#test/support/post-auth.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import {
  cognitoTokensAnswer,
  scriptedCognito,
  type ScriptedCognito,
} from '#test/support/scripted-cognito.ts';

const USER = { username: 'ana@sender.example', password: 'Corre-ct0 caballo' };

let cognito: ScriptedCognito;

beforeEach(() => {
  cognito = scriptedCognito();
  cognito.answersWith(cognitoTokensAnswer('the-id-token'));
});

const post = (event: ReturnType<typeof proxyEvent>) =>
  postAuth({ cognito, log: recordingLog() }, event);

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
