import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ParameterAlreadyExists, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { DEFAULT_ACCOUNT } from '#events/account.ts';
import { StackOutputs } from '../outputs.ts';
import { cdktfDeploy, SECRET_PARAMETERS, stateFolders } from './cdktf.ts';
import { restoreDeployedCode } from './deployed-code.ts';
import { settingsOf } from './clients.ts';
import type { LocalAws } from './local-aws.ts';
import { LOCAL_ACCOUNTS } from './local-malls.ts';
import { withLock } from './lock.ts';
import { asStep, type Progress } from './progress.ts';
import { requireTerraform } from './terraform.ts';

/** cdktf's outputs file: the outputs of each stack by its name. */
const OutputsFile = z.record(z.string(), StackOutputs);

/**
 * Deploys the stack to a local AWS with the real `cdktf deploy`, as an operator would: the secrets
 * into SSM, then the stack. Safe to repeat: what has not changed is left alone; two at once take
 * turns. The state of local AWSs that are gone is discarded.
 *
 * @throws Error the deploy failed; the text has what cdktf wrote from the first error on.
 * @throws MissingToolError Terraform is not installed, or too old.
 */
export async function deployLocally(localAws: LocalAws, progress: Progress): Promise<StackOutputs> {
  await requireTerraform();
  const lock = {
    file: `${stateFolders}.lock`,
    onWait: (pid: number) => {
      progress.step(`Process ${pid} is deploying, waiting`).done();
    },
  };
  return withLock(lock, () => asStep(progress.step('Deploy the stack'), () => deploy(localAws)));
}

async function deploy(localAws: LocalAws): Promise<StackOutputs> {
  await discardOtherStates(localAws.instanceId);
  await storeSecrets(localAws);
  const folder = path.join(stateFolders, localAws.instanceId);
  const outputsFile = path.join(folder, 'outputs.json');
  await cdktfDeploy(localAws, outputsFile);
  const byStack = OutputsFile.parse(JSON.parse(await readFile(outputsFile, 'utf8')));
  const [stack] = Object.entries(byStack);
  if (!stack) throw new Error(`${outputsFile} has no stack.`);
  const [stackName, outputs] = stack;
  await restoreDeployedCode(localAws, path.join(folder, 'cdktf.out', 'stacks', stackName));
  return { ...outputs, apiUrl: localApiUrl(localAws, outputs) };
}

/** Terraform tells the address that the API would have in AWS. */
function localApiUrl({ endpointUrl }: LocalAws, { apiId, apiUrl }: StackOutputs): string {
  const [stage] = new URL(apiUrl).pathname.split('/').filter((part) => part !== '');
  return `${endpointUrl}/restapis/${apiId}/${stage}/_user_request_`;
}

async function discardOtherStates(instanceId: string): Promise<void> {
  await mkdir(stateFolders, { recursive: true });
  const others = (await readdir(stateFolders)).filter((name) => name !== instanceId);
  await Promise.all(
    others.map((name) => rm(path.join(stateFolders, name), { recursive: true, force: true })),
  );
}

/**
 * Only where there are none: as long as a local AWS runs they are the same, and what somebody else put
 * there meanwhile (a rotation; a test's own account) is no deploy's to undo.
 */
async function storeSecrets(localAws: LocalAws): Promise<void> {
  const { postgres, cafe24, claroshop } = localAws;
  const ssm = new SSMClient(settingsOf(localAws));
  const store = async (Name: string, Value: string) => {
    const command = new PutParameterCommand({ Name, Value, Type: 'SecureString' });
    await ssm.send(command).catch((error: unknown) => {
      if (!(error instanceof ParameterAlreadyExists)) throw error;
    });
  };
  await Promise.all([
    store(SECRET_PARAMETERS.postgresPassword, postgres.password),
    store(SECRET_PARAMETERS.cafe24ClientSecret, cafe24.clientSecret),
    ...LOCAL_ACCOUNTS.map(accountSuffix).flatMap((suffix) => [
      store(`${SECRET_PARAMETERS.claroshopUsername}${suffix}`, claroshop.username),
      store(`${SECRET_PARAMETERS.claroshopPassword}${suffix}`, claroshop.password),
    ]),
  ]);
}

/** What the name of a further account's parameter has behind that of the default one's. */
function accountSuffix(account: string): string {
  return account === DEFAULT_ACCOUNT ? '' : `/${account}`;
}
