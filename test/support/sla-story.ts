import { randomUUID } from 'node:crypto';
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { expect, inject } from 'vitest';
import { emailOf, ensureAccount, type Account } from '#infra/local/account.ts';
import type { ObservedEvent } from '#infra/local/event-observer.ts';
import { eventually } from '#infra/local/eventually.ts';
import { callApi, type ApiAnswer, type ApiRequest } from '#infra/local/http-api.ts';
import { itemToBreach } from '#shared/dynamodb/sla-item.ts';
import type { StoredBreach } from '#shared/sla/search.ts';
import { beginStory, SHARED_QUEUE_WITHIN_MS, type Story } from './e2e.ts';
import { wholeLogs } from './whole-logs.ts';

/** The deployed stack as senders see it, for folders and accounts that belong to one story. */
export interface SlaStory extends Story {
  /** Of this story alone. */
  readonly folder: string;
  /** Of a sender of this story alone. */
  readonly token: string;
  call(route: string, request: ApiRequest): Promise<ApiAnswer>;
  submit(body: object | string, token?: string): Promise<ApiAnswer>;
  find(query: Readonly<Record<string, string>>, token?: string): Promise<Found>;
  /** @returns an account that no other test knows. */
  newAccount(): Promise<Account>;
  signIn(account: Account): Promise<string>;
  /** What the table has of a folder; asked of DynamoDB, not of our search. */
  items(folder: string): Promise<readonly StoredBreach[]>;
  /** @throws Error there are not so many within 90 s (or `withinMs`). */
  waitForItems(count: number, folder: string, withinMs?: number): Promise<readonly StoredBreach[]>;
  /** The events SlaErrorsRecorded of a submission that were published until now. */
  recorded(submissionId: string): Promise<readonly ObservedEvent[]>;
  /** The events SlaErrorSubmitted that name a folder and were published until now. */
  submitted(folder: string): Promise<readonly ObservedEvent[]>;
  /** The passwords, addresses and tokens of this story that stand in a function's log: none. */
  leaks(): Promise<readonly string[]>;
}

interface Found {
  readonly status: number;
  readonly body: { readonly files: readonly StoredBreach[]; readonly cursor?: string };
}

export async function beginSlaStory(): Promise<SlaStory> {
  const localAws = inject('localAws');
  const stack = inject('stack');
  const story = await beginStory();
  const beganAt = new Date();
  const secrets: string[] = [];
  const call: SlaStory['call'] = (route, request) => callApi(stack.apiUrl, route, request);
  const newAccount = async () => {
    const account = { username: `e2e-${randomUUID()}`, password: `Aa1-${randomUUID()}` };
    secrets.push(account.password, emailOf(account));
    await ensureAccount(localAws, stack.userPoolId, account);
    return account;
  };
  const signIn = async (account: Account) => {
    const { body } = await call('POST /auth', { body: account });
    const { token } = body as { readonly token: string };
    secrets.push(token, ...token.split('.').slice(1));
    return token;
  };
  const token = await signIn(await newAccount());
  const items = tableReader();
  const folder = `C:\\e2e\\${randomUUID()}`;
  const submit: SlaStory['submit'] = (body, by = token) =>
    call('POST /file_sla_error', { token: by, body });
  const find: SlaStory['find'] = async (query, by = token) =>
    (await call('GET /file_sla_errors', { token: by, query })) as Found;
  /** Each of the functions works once more. */
  const poke = async () => {
    const files = [{ filename: 'poke.csv', creationDate: '2024-06-15T19:25:25Z' }];
    await signIn(await newAccount());
    await submit({ sla_error: [{ folder, sla: 60, files }] });
    await find({ folder });
  };
  return {
    ...story,
    folder,
    token,
    call,
    newAccount,
    signIn,
    submit,
    find,
    items,
    waitForItems: (count, folder, withinMs = SHARED_QUEUE_WITHIN_MS) =>
      eventually(
        async () => {
          const all = await items(folder);
          return all.length >= count ? all : undefined;
        },
        `${String(count)} items of ${folder}`,
        withinMs,
      ),
    recorded: (id) =>
      story.observer.untilNow(
        (event) =>
          event['detail-type'] === 'SlaErrorsRecorded' && event.detail['submissionId'] === id,
      ),
    submitted: (name) =>
      story.observer.untilNow(
        (event) =>
          event['detail-type'] === 'SlaErrorSubmitted' &&
          JSON.stringify(event.detail).includes(JSON.stringify(name).slice(1, -1)),
      ),
    leaks: () => findLeaks(story, { secrets, since: beganAt, poke }),
  };
}

function tableReader(): SlaStory['items'] {
  const { endpointUrl: endpoint, region } = inject('localAws');
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return async (folder) => {
    const breaches: StoredBreach[] = [];
    const query = {
      TableName: inject('stack').fileSlaErrorsTable,
      IndexName: 'FolderIndex',
      KeyConditionExpression: 'Folder = :folder',
      ExpressionAttributeValues: { ':folder': { S: folder } },
    };
    for await (const { Items = [] } of paginateQuery({ client }, query)) {
      breaches.push(...Items.map((item) => itemToBreach(item)!));
    }
    return breaches;
  };
}

/** Fewer would show little. */
const MANY_LINES = 50;

interface Search {
  /** Those that come into being while it works are searched for as well. */
  readonly secrets: readonly string[];
  readonly since: Date;
  readonly poke: () => Promise<void>;
}

async function findLeaks({ clients }: Story, { secrets, since, poke }: Search) {
  const { recordSlaErrors } = inject('stack');
  const prefix = recordSlaErrors.functionName.replace('record-sla-errors', '');
  const functionNames = [
    'authenticate-user',
    'submit-sla-errors',
    'record-sla-errors',
    'find-sla-errors',
  ].map((name) => prefix + name);
  const lines = (await wholeLogs(clients, { functionNames, since, poke })).flat();
  expect(lines.length).toBeGreaterThan(MANY_LINES);
  const text = JSON.stringify(lines);
  return secrets.filter((secret) => text.includes(secret));
}
