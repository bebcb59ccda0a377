import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DEMO_ACCOUNT, ensureAccount } from '#infra/local/account.ts';
import { howToGet, pasteableCommands } from '#infra/local/commands.ts';
import { localLambda } from '#infra/local/deployed-code.ts';
import { eventually } from '#infra/local/eventually.ts';
import { DEMO_MALL } from '#infra/local/local-malls.ts';
import { DEMO_FOLDER } from '#infra/local/sla-demonstration.ts';
import { beginStory, type Story } from '#test/support/e2e.ts';

const commands = pasteableCommands(inject('localAws'), inject('stack'));
const commandFor = (purpose: RegExp) => {
  const command = commands.find((it) => purpose.test(it.purpose));
  if (command === undefined) throw new Error(`no command for ${String(purpose)}`);
  return command;
};

/** Pastes a printed command into a shell. */
async function paste(text: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-c', text]);
  return stdout;
}

let story: Story;
beforeAll(async () => {
  story = await beginStory(DEMO_MALL);
});
afterAll(() => story.end());

const versionOf = (version: number) =>
  eventually(
    async () => {
      const row = await story.row(DEMO_MALL);
      return row?.['version'] === String(version) ? row : undefined;
    },
    `version ${String(version)} of ${DEMO_MALL}`,
  );

// Where the AWS CLI is not installed, npm start says how to get it, and nobody can paste these.
const withAws = howToGet('aws') === undefined;
const withCurl = howToGet('curl') === undefined;

describe('the commands that npm start prints', () => {
  it.runIf(withAws)('publish a fresh code, and send one to the queue', async () => {
    const published = await paste(commandFor(/^Publish/).text);
    expect(JSON.parse(published)).toMatchObject({ FailedEntryCount: 0 });
    await versionOf(1);
    await paste(commandFor(/^Send/).text);
    await versionOf(2);
  });

  it.runIf(withAws)(
    'announce a code that other software inserted, and say how to follow it',
    async () => {
      const before = Number((await story.row(DEMO_MALL))?.['version'] ?? 0);
      const output = await paste(commandFor(/other software/).text);
      expect(output).toMatch(/"outcome":\s*"announced"/);
      expect(output).toMatch(/"codeId":\s*"\d+"/);
      expect(output).toContain('select status from cafe24.oauth_authorization_codes where id =');
      await versionOf(before + 1);
    },
  );

  it.runIf(withAws)('look into the dead-letter queue', async () => {
    await story.send('not json');
    await story.deadLetter(({ Body }) => Body === 'not json');
    const seen = await eventually(async () => {
      const output = await paste(commandFor(/dead-letter/).text);
      return output.includes('invalid-message') ? output : undefined;
    }, 'a dead letter in the output');
    expect(seen).toContain('ErrorMessage');
  });

  it('show the rows', async () => {
    const output = await paste(commandFor(/rows/).text);
    expect(output).toContain('mall_id');
    expect(output).not.toContain('access_token');
  });

  it.runIf(withCurl)('report a stuck file over HTTP and find it, without jq', async () => {
    await ensureAccount(inject('localAws'), inject('stack').userPoolId, DEMO_ACCOUNT);
    const answer: unknown = JSON.parse(await paste(commandFor(/report a file/).text));
    expect(answer).toMatchObject({ message: 'Data successfully processed', files: 1 });
    const found = await eventually(async () => {
      const output = await paste(commandFor(/find it/).text);
      return output.includes('a.csv') ? output : undefined;
    }, 'the file in the output');
    const { files } = JSON.parse(found) as { readonly files: readonly unknown[] };
    expect(files).toContainEqual(
      expect.objectContaining({ folder: DEMO_FOLDER, affectedDate: '2024-06-16T01:25:25.123Z' }),
    );
  });

  it('say how to get a tool that is missing', () => {
    expect(howToGet('npm')).toBeUndefined();
    expect(howToGet('aws', 'no-such-program')).toContain('AWS CLI');
  });
});

it('{} announces the newest code of CAFE24_MALL_ID', async () => {
  const before = Number((await story.row(DEMO_MALL))?.['version'] ?? 0);
  const [row] = await story.sql(
    'insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, $2) returning id',
    [DEMO_MALL, await story.cafe24.issueCode(DEMO_MALL)],
  );
  const { Payload } = await localLambda(inject('localAws')).send(
    new InvokeCommand({
      FunctionName: inject('stack').announceCafe24Codes.functionName,
      Payload: '{}',
    }),
  );
  expect(JSON.parse(Payload?.transformToString() ?? '')).toMatchObject({
    ...{ outcome: 'announced', mallId: DEMO_MALL, codeId: row?.['id'] },
  });
  await versionOf(before + 1);
});
