import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const built = path.join(root, 'build/client');
/** What the application in the test has beside the package and what the package asks for. */
const OWN_PACKAGES = ['pg', '@types/pg', '@types/node'];

let application: string;

beforeAll(async () => {
  await run('npm', ['run', '--silent', 'build:client'], { cwd: root });
  application = await mkdtemp(path.join(tmpdir(), 'application-'));
  await cp(built, path.join(application, 'node_modules/@tokenline/client'), { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(built, 'package.json'), 'utf8')) as {
    dependencies: object;
    peerDependencies: object;
  };
  const asked = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  for (const name of [...asked, ...OWN_PACKAGES]) {
    const place = path.join(application, 'node_modules', name);
    await mkdir(path.dirname(place), { recursive: true });
    await symlink(path.join(root, 'node_modules', name), place);
  }
  await writeFile(path.join(application, 'package.json'), '{ "type": "module" }');
}, 120_000);
afterAll(() => rm(application, { recursive: true, force: true }));

const PROGRAM = `
import {
  cafe24Tokens, claroshopTokens, eventPublisher, EVENTS, TokenUnavailableError,
} from '@tokenline/client';
const sent = [];
const client = { send: async ({ input }) => (sent.push(...input.Entries), { Entries: [{ EventId: '1' }] }) };
const publisher = eventPublisher({ client, busName: 'bus', source: 'application' });
const tokens = cafe24Tokens({ database: { query: async () => ({ rows: [] }) }, publisher });
const error = await tokens.cafe24Token('demo-mall').catch((thrown) => thrown);
await tokens.reportRejected('demo-mall', 3);
const notFound = Object.assign(new Error(), { name: 'ParameterNotFound' });
const { claroshopToken, reportRejected } = claroshopTokens({
  ssm: { send: async () => { throw notFound; } }, publisher,
});
const claroshopError = await claroshopToken().catch((thrown) => thrown);
await reportRejected({ account: 'default', version: 3 });
console.log(JSON.stringify({
  isTyped: error instanceof TokenUnavailableError,
  reason: error.reason,
  claroshopReason: claroshopError.reason,
  sent: sent.map(({ DetailType }) => DetailType),
  knows: EVENTS.map(({ detailType }) => detailType).includes('TokenIssued'),
}));
`;

const TYPED_PROGRAM = `
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SSMClient } from '@aws-sdk/client-ssm';
import pg from 'pg';
import {
  cafe24Tokens, claroshopTokens, eventPublisher, TokenUnavailableError,
  type Cafe24Token, type ClaroshopToken, type EventDetail, type TokenIssued, type TokenUnavailableReason,
} from '@tokenline/client';

const publisher = eventPublisher({ client: new EventBridgeClient({}), busName: 'bus', source: 'a' });
const tokens = cafe24Tokens({ database: new pg.Pool(), publisher });
export const token: Promise<Cafe24Token> = tokens.cafe24Token('demo-mall');
// @ts-expect-error an access token is a text
export const wrong: Promise<{ accessToken: number }> = tokens.cafe24Token('demo-mall');
const claroshop = claroshopTokens({ ssm: new SSMClient({}), publisher });
export const claroshopToken: Promise<ClaroshopToken> = claroshop.claroshopToken();
await claroshop.reportRejected(await claroshopToken);
export const code: EventDetail<'AuthorizationCodeArrived'> = { mallId: 'demo-mall', codeId: 42 };
await publisher.publish('AuthorizationCodeArrived', code);
// @ts-expect-error no such event
await publisher.publish('AuthorizationCodeArrives', code);
// @ts-expect-error not the detail of this event
await publisher.publish('TokenExpiryWarning', code);
export const versionOf = ({ version }: TokenIssued): number => version;
export const reasonOf = (error: unknown): TokenUnavailableReason | undefined =>
  error instanceof TokenUnavailableError ? error.reason : undefined;
`;

describe('the package of client/', () => {
  it('runs in a plain Node program that has what its package.json asks for', async () => {
    await writeFile(path.join(application, 'program.js'), PROGRAM);
    const { stdout } = await run(process.execPath, ['program.js'], { cwd: application });
    expect(JSON.parse(stdout)).toEqual({
      isTyped: true,
      reason: 'no-grant',
      claroshopReason: 'no-grant',
      sent: ['TokenExpiryWarning', 'TokenExpiryWarning'],
      knows: true,
    });
  });

  it('has types that an application is checked against', async () => {
    await writeFile(path.join(application, 'program.ts'), TYPED_PROGRAM);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'NodeNext',
      target: 'ES2023',
      types: ['node'],
      skipLibCheck: true,
    };
    const config = { compilerOptions, files: ['program.ts'] };
    await writeFile(path.join(application, 'tsconfig.json'), JSON.stringify(config));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const checked = await run(process.execPath, [tsc, '-p', '.'], { cwd: application }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(checked.stdout).toBe('');
  }, 120_000);
});
