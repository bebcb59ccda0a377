import {
  DeleteItemCommand,
  DynamoDBClient,
  paginateQuery,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
  type Parameter,
} from '@aws-sdk/client-ssm';
import { expect, inject } from 'vitest';
import { DEFAULT_ACCOUNT } from '#events/account.ts';
import { SECRET_PARAMETERS } from '#infra/local/cdktf.ts';
import { localClients, type LocalClients } from '#infra/local/clients.ts';
import { observeEvents, type EventObserver } from '#infra/local/event-observer.ts';
import { eventually } from '#infra/local/eventually.ts';
import { bundleName, bundleToNames, projectedNames } from '#shared/claroshop/names.ts';
import { textToBundle, type Bundle } from '#shared/claroshop/bundle.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import { claroshopControl, type ClaroshopControl } from './claroshop-provider/control.ts';
import { isWorkedOff } from './e2e.ts';
import { ssmControl, type SsmControl } from './ssm-control.ts';

export interface StoredBundle {
  readonly version: number;
  readonly bundle: Bundle;
}

/** All that is stored of an account, as one GetParameters saw it. */
export type Stored = ReadonlyMap<string, Parameter>;

/** The deployed stack as the users of one ClaroShop account see it. */
export interface ClaroshopStory {
  readonly account: string;
  /** Whom ClaroShop knows under the account's credentials. */
  readonly username: string;
  readonly password: string;
  readonly clients: LocalClients;
  readonly ssm: SSMClient;
  readonly claroshop: ClaroshopControl;
  readonly parameterStore: SsmControl;
  readonly observer: EventObserver;
  /** Runs the sweep now, as its schedule would. */
  sweep(): Promise<void>;
  /** The requirement's direct invocation. @returns what Lambda answered, parsed. */
  obtain(input?: object): Promise<unknown>;
  /** The account's credentials, as an operator stores them for the functions. */
  storePassword(password: string): Promise<void>;
  read(): Promise<Stored>;
  /**
   * Waits for a bundle of at least that version and for names that say what it says. What an attempt left
   * to a later sweep gets it.
   */
  settled(version: number): Promise<StoredBundle>;
  /** Waits until no warning is on the bus, waiting, hidden or in work. */
  isQuiet(): Promise<true>;
  end(): Promise<void>;
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const USERNAME = 'seller-of-';
const PASSWORD = 'an invented password';
/** Sooner than the schedule does, and later than an attempt takes that nothing holds up. */
const SWEEP_AGAIN_MS = 15_000;

/** Begins a story: what earlier runs left of the account is gone, and ClaroShop knows its user. */
export async function beginClaroshopStory(account: string): Promise<ClaroshopStory> {
  const localAws = inject('localAws');
  const stack = inject('stack');
  const settings = { endpoint: localAws.endpointUrl, region: localAws.region, credentials };
  const ssm = new SSMClient(settings);
  const lambda = new LambdaClient(settings);
  const clients = localClients(localAws);
  const claroshop = claroshopControl(localAws.claroshop.controlUrl);
  const username = USERNAME + account;
  const { queueUrl } = stack.refreshClaroshopToken;
  const observer = await observeEvents(clients, stack.busName);
  const isQuiet = () => isWorkedOff({ clients, observer }, queueUrl);
  await isQuiet();
  await forget(account, new DynamoDBClient(settings), ssm);
  await claroshop.reset(username);
  await claroshop.putAccount(username, { password: PASSWORD });
  const store = (parameter: string, Value: string) =>
    ssm.send(
      new PutParameterCommand({
        Name: account === DEFAULT_ACCOUNT ? parameter : `${parameter}/${account}`,
        Value,
        Type: 'SecureString',
        Overwrite: true,
      }),
    );
  const storePassword = async (password: string) => {
    await store(SECRET_PARAMETERS.claroshopPassword, password);
  };
  await store(SECRET_PARAMETERS.claroshopUsername, username);
  await storePassword(PASSWORD);
  const read = () => readAll(account, ssm);
  const sweep = async () => {
    const { functionName } = stack.warnClaroshopExpiry;
    const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName }));
    expect(answer.FunctionError).toBeUndefined();
  };
  return {
    account,
    username,
    password: PASSWORD,
    clients,
    ssm,
    claroshop,
    parameterStore: ssmControl(localAws.endpointUrl),
    observer,
    sweep,
    async obtain(input = account === DEFAULT_ACCOUNT ? {} : { account }) {
      const { functionName } = stack.obtainClaroshopToken;
      const command = new InvokeCommand({
        FunctionName: functionName,
        Payload: JSON.stringify(input),
      });
      const answer = await lambda.send(command);
      expect(answer.FunctionError).toBeUndefined();
      return JSON.parse(answer.Payload?.transformToString() ?? '') as unknown;
    },
    storePassword,
    read,
    async settled(version) {
      let sweepAtMs = Date.now() + SWEEP_AGAIN_MS;
      return await eventually(
        async () => {
          const found = settledOf(account, await read(), version);
          if (found === undefined && Date.now() > sweepAtMs) {
            sweepAtMs = Date.now() + SWEEP_AGAIN_MS;
            await sweep();
          }
          return found;
        },
        `version ${String(version)} of ${account}'s bundle and its names`,
      );
    },
    isQuiet,
    async end() {
      await observer.stop();
      await store(SECRET_PARAMETERS.claroshopUsername, localAws.claroshop.username);
      await storePassword(localAws.claroshop.password);
    },
  };
}

const allNames = (account: string) => [bundleName(account), ...projectedNames(account)];

async function readAll(account: string, ssm: SSMClient): Promise<Stored> {
  const command = new GetParametersCommand({ Names: allNames(account), WithDecryption: true });
  const { Parameters: found = [] } = await ssm.send(command);
  return new Map(found.map((parameter) => [parameter.Name ?? '', parameter]));
}

export function bundleOf(account: string, stored: Stored): StoredBundle | undefined {
  const { Value = '', Version: version = 0 } = stored.get(bundleName(account)) ?? {};
  const bundle = textToBundle(Value);
  return bundle && { version, bundle };
}

function settledOf(account: string, stored: Stored, version: number): StoredBundle | undefined {
  const found = bundleOf(account, stored);
  if (found === undefined || found.version < version) return undefined;
  const isProjected = bundleToNames(found.bundle, account).every(
    ({ name, value }) => stored.get(name)?.Value === value,
  );
  return isProjected ? found : undefined;
}

async function forget(account: string, dynamoDb: DynamoDBClient, ssm: SSMClient): Promise<void> {
  await ssm.send(new DeleteParametersCommand({ Names: allNames(account) }));
  const TableName = inject('stack').attemptsTable;
  const query = {
    TableName,
    KeyConditionExpression: 'subject = :subject',
    ExpressionAttributeValues: { ':subject': { S: accountToSubject(account) } },
  };
  const items: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of paginateQuery({ client: dynamoDb }, query)) {
    items.push(...Items);
  }
  for (const { subject, item } of items) {
    const Key = { ...(subject && { subject }), ...(item && { item }) };
    await dynamoDb.send(new DeleteItemCommand({ TableName, Key }));
  }
}
