import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { readLogTexts } from '#infra/local/function-log.ts';
import { callApi } from '#infra/local/http-api.ts';
import { invocationsIn } from '#test/support/function-metrics.ts';
import { BROKEN_SUBMISSIONS } from '#test/support/broken-submissions.ts';
import { poolSigner } from '#test/support/pool-signer.ts';
import { beginSlaStory, type SlaStory } from '#test/support/sla-story.ts';
import { forgedTokens, type TokenSigner } from '#test/support/token-issuer.ts';

const UNAUTHORIZED = { status: 401, body: { message: 'Unauthorized' } };

const { endpointUrl: endpoint, region } = inject('localAws');
const { apiUrl, userPoolId, clientId, recordSlaErrors } = inject('stack');

let story: SlaStory;
let signer: TokenSigner;
beforeAll(async () => {
  story = await beginSlaStory();
  signer = await poolSigner({ issuer: `${endpoint}/${userPoolId}`, clientId });
});
afterAll(() => story.end());

const submissionIn = (folder: string) => ({
  sla_error: [
    { folder, sla: 60, files: [{ filename: 'a.csv', creationDate: '2024-06-15T19:25:25' }] },
  ],
});

describe('a token that is not to be trusted', () => {
  it('gets one identical 401 from each route, and nothing is published', async () => {
    const folder = `${story.folder}\\forged`;
    const forged = Object.entries(await forgedTokens(signer));
    expect(forged.length).toBeGreaterThan(20);
    const answers = await Promise.all(
      forged.map(async ([name, token]) => [
        name,
        await story.submit(submissionIn(folder), token),
        await story.find({ folder }, token),
      ]),
    );
    expect(answers).toEqual(forged.map(([name]) => [name, UNAUTHORIZED, UNAUTHORIZED]));
    expect(await story.submitted(folder)).toEqual([]);
  });

  it('would be taken without its fault', async () => {
    const token = await signer.idToken();
    expect(await story.find({ folder: story.folder }, token)).toMatchObject({ status: 200 });
  });

  it.each([
    ['none at all', undefined],
    ['another scheme', 'Basic dXNlcjpwYXNzd29yZA=='],
    ['a token without a scheme', 'TOKEN'],
    ['a token that was cut off', 'Bearer TOKEN'],
  ])('(%s) gets 401', async (_, authorization) => {
    const header = authorization?.replace('TOKEN', story.token.slice(0, -10));
    const response = await fetch(`${apiUrl}/file_sla_error`, {
      method: 'POST',
      headers: header === undefined ? {} : { authorization: header },
      body: JSON.stringify(submissionIn(story.folder)),
    });
    expect({ status: response.status, body: await response.json() }).toEqual(UNAUTHORIZED);
  });
});

describe('a sign-in', () => {
  const signIn = (body: object | string) => callApi(apiUrl, 'POST /auth', { body });

  it('tells an unknown user and a wrong password alike', async () => {
    const { username } = await story.newAccount();
    const password = 'Wrong-password-1';
    expect(await signIn({ username, password })).toEqual(UNAUTHORIZED);
    expect(await signIn({ username: `${username}-nobody`, password })).toEqual(UNAUTHORIZED);
  });

  it('names the fields that are wrong', async () => {
    const answer = await signIn({ username: '' });
    const { problems } = answer.body as { readonly problems: readonly { path: string }[] };
    expect([answer.status, problems.map(({ path }) => path)]).toEqual([
      400,
      ['username', 'password'],
    ]);
    expect(await signIn('username=ana')).toMatchObject({ status: 400 });
  });

  it('says what the user must do first', async () => {
    const cognito = new CognitoIdentityProviderClient({
      endpoint,
      region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const { username, password } = await story.newAccount();
    const invited = { UserPoolId: userPoolId, Username: `${username}-invited` };
    await cognito.send(new AdminCreateUserCommand({ ...invited, TemporaryPassword: password }));
    expect(await signIn({ username: invited.Username, password })).toEqual({
      status: 403,
      body: { message: 'Forbidden', code: 'new-password-required' },
    });
  });
});

describe('a broken submission', () => {
  it.each(BROKEN_SUBMISSIONS)('(%s) gets 400 with the path', async (_, body, ...problems) => {
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    const { status, body: answer } = await story.submit(sent);
    expect({ status, answer }).toMatchObject({ status: 400, answer: { message: 'Bad request' } });
    expect(answer).toMatchObject({ problems });
  });

  it('is recorded as far as it is right, and told how far that is', async () => {
    const folder = `${story.folder}\\half`;
    const [right] = submissionIn(folder).sla_error;
    const wrong = { filename: 'b.csv', creationDate: '2567-06-15 19:25:25' };
    const answer = await story.submit({
      sla_error: [
        { ...right, files: [wrong, ...right!.files] },
        { folder, sla: 5, files: [wrong] },
      ],
    });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        accepted: 1,
        problems: [
          { path: 'sla_error[0].files[0].creationDate' },
          { path: 'sla_error[1].sla' },
          { path: 'sla_error[1].files[0].creationDate' },
        ],
      },
    });
    expect(await story.waitForItems(1, folder)).toMatchObject([{ filename: 'a.csv' }]);
  });

  it('that is no report at all publishes nothing', async () => {
    const folder = `${story.folder}\\none`;
    const [right] = submissionIn(folder).sla_error;
    const answer = await story.submit({ slaerror: [right] });
    expect(answer).toMatchObject({ status: 400, body: { accepted: 0 } });
    expect(await story.submitted(folder)).toEqual([]);
  });
});

describe('a folder in which nothing is late', () => {
  it('costs those beside it nothing', async () => {
    const folder = `${story.folder}\\late`;
    const [late] = submissionIn(folder).sla_error;
    const none = { folder: `${story.folder}\\punctual`, sla: 60, files: [] };
    const answer = await story.submit({ sla_error: [none, late] });
    expect(answer).toMatchObject({ status: 200, body: { files: 1 } });
    expect(await story.waitForItems(1, folder)).toHaveLength(1);
  });
});

describe('metrics', () => {
  it('count every use by route, and every answer by route and status', async () => {
    const name = recordSlaErrors.functionName.replace('record-sla-errors', 'submit-sla-errors');
    const beganAt = new Date();
    await story.submit(submissionIn(`${story.folder}\\metrics`));
    await story.submit('{}');
    await story.submit('{}', 'a.b.c');
    const uses = await eventually(async () => {
      // Other tests use the route as well: what each invocation counted is compared with its answer.
      const texts = await readLogTexts(story.clients, name, beganAt);
      const answered = invocationsIn(texts).flatMap(({ lines, metrics }) => {
        const answer = lines.find(({ message }) => message === 'request-answered');
        return answer === undefined ? [] : [{ status: String(answer['status']), metrics }];
      });
      const statuses = new Set(answered.map(({ status }) => status));
      return ['200', '400', '401'].every((it) => statuses.has(it)) ? answered : undefined;
    }, 'an answer of each status');
    for (const { status, metrics } of uses) {
      expect(metrics).toMatchObject([
        { route: 'POST /file_sla_error', Requests: 1 },
        { route: 'POST /file_sla_error', Responses: 1, status },
      ]);
    }
  });
});

describe('secrets', () => {
  it('stand in no log line', async () => {
    expect(await story.leaks()).toEqual([]);
  });
});
