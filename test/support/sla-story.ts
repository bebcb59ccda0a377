import { randomUUID } from 'node:crypto';
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { emailOf, ensureAccount, type Account } from '#infra/local/account.ts';
import type { ObservedEvent } from '#infra/local/event-observer.ts';
import { eventually } from '#infra/local/eventually.ts';
import { readFunctionLog } from '#infra/local/function-log.ts';
import { callApi, type ApiAnswer, type ApiRequest } from '#infra/local/http-api.ts';
import { itemToBreach } from '#shared/dynamodb/sla-item.ts';
import type { StoredBreach } from '#shared/sla/search.ts';
import { beginStory, SHARED_QUEUE_WITHIN_MS, type Story } from './e2e.ts';

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
  /** The events SlaErrorsRecorded of a submission. */
  recorded(submissionId: string): readonly ObservedEvent[];
  /** The events SlaErrorSubmitted that name a folder. */
  submitted(folder: string): readonly ObservedEvent[];
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
  const seen = (detailType: string) =>
    story.observer.seen().filter((event) => event['detail-type'] === detailType);
  return {
    ...story,
    folder: `C:\\e2e\\${randomUUID()}`,
    token,
    call,
    newAccount,
    signIn,
    submit: (body, by = token) => call('POST /file_sla_error', { token: by, body }),
    find: async (query, by = token) =>
      (await call('GET /file_sla_errors', { token: by, query })) as Found,
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
      seen('SlaErrorsRecorded').filter(({ detail }) => detail['submissionId'] === id),
    submitted: (folder) =>
      seen('SlaErrorSubmitted').filter(({ detail }) =>
        JSON.stringify(detail).includes(JSON.stringify(folder).slice(1, -1)),
      ),
    leaks: () => findLeaks(story, secrets, beganAt),
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

async function findLeaks({ clients }: Story, secrets: readonly string[], since: Date) {
  const { recordSlaErrors } = inject('stack');
  const prefix = recordSlaErrors.functionName.replace('record-sla-errors', '');
  const functions = [
    'authenticate-user',
    'submit-sla-errors',
    'record-sla-errors',
    'find-sla-errors',
  ];
  // A log is written after its request was answered.
  const lines = await eventually(async () => {
    const logs = functions.map((name) => readFunctionLog(clients, prefix + name, since));
    const written = (await Promise.all(logs)).flat();
    return written.length > MANY_LINES ? written : undefined;
  }, `more than ${MANY_LINES} log lines`);
  const text = JSON.stringify(lines);
  return secrets.filter((secret) => text.includes(secret));
}
