import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { STAGE_VARIABLES } from '../config.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { guarded } from './guard.ts';
import type { LocalAws } from './local-aws.ts';
import { DEMO_MALL, LOCAL_ACCOUNTS, LOCAL_MALLS } from './local-malls.ts';
import { MissingToolError } from './missing-tool-error.ts';
import { markedEnvironment } from './markers.ts';
import { localFolder, projectFolder } from './paths.ts';
import { credentials, namePrefix } from './settings.ts';
import { providerEnvironment } from './terraform.ts';

/** SSM parameters that must be there before the functions run. */
export const SECRET_PARAMETERS = {
  postgresPassword: '/tokenline/postgres-password',
  cafe24ClientSecret: '/tokenline/cafe24-client-secret',
  claroshopUsername: '/tokenline/claroshop-username',
  claroshopPassword: '/tokenline/claroshop-password',
} as const;

/** Of each local AWS a folder: what cdktf wrote and what Terraform knows. */
export const stateFolders = path.join(localFolder, 'state');

const CLI = path.join(projectFolder, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
const MAX_ERROR_LINES = 40;

/**
 * Runs the real `cdktf deploy` on the stack of a local AWS. What it writes is in `deploy.log` of the
 * AWS's state folder.
 *
 * @throws Error the deploy failed; the text has what cdktf wrote from the first error on.
 */
export async function cdktfDeploy(localAws: LocalAws, outputsFile: string): Promise<void> {
  const folder = path.join(stateFolders, localAws.instanceId);
  await mkdir(folder, { recursive: true });
  const logFile = path.join(folder, 'deploy.log');
  const args = ['deploy', '--auto-approve', '--skip-provider-lock'];
  const folders = ['--output', path.join(folder, 'cdktf.out'), '--outputs-file', outputsFile];
  // The provider waits 25 s for each queue: all of them at once.
  const parallelism = ['--terraform-parallelism', '40'];
  const environment = await localEnvironment(localAws);
  await guarded([], async () => {
    const code = await run([CLI, ...args, ...folders, ...parallelism], environment, logFile);
    if (code !== 0) throw deployFailure(await readFile(logFile, 'utf8'), logFile);
  });
}

/** What went wrong by what cdktf wrote. */
export function deployFailure(log: string, logFile: string): Error {
  if (log.includes('Failed to query available provider packages')) {
    return new MissingToolError(
      "Terraform's AWS provider",
      'registry.terraform.io cannot be reached: try again with the network, or name a folder that has the provider in TF_PLUGIN_DIR.',
    );
  }
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const firstError = lines.findIndex((line) => /\berror\b/i.test(line));
  const shown = lines.slice(Math.max(0, firstError)).slice(0, MAX_ERROR_LINES).join('\n');
  return new Error(`cdktf deploy failed (all that it wrote: ${logFile})\n${shown}`);
}

/** @returns the exit code. The command is ended when this process ends before it. */
async function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  logFile: string,
): Promise<number | null> {
  const log = await open(logFile, 'w');
  const child = spawn(process.execPath, args, {
    cwd: projectFolder,
    env: markedEnvironment(environment),
    stdio: ['ignore', log.fd, log.fd],
  });
  const end = () => child.kill();
  process.once('exit', end);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
  } finally {
    process.off('exit', end);
    await log.close();
  }
}

/** The deployer's environment: a clean shell without any stage of the person, plus the local stage. */
export async function localEnvironment(localAws: LocalAws): Promise<NodeJS.ProcessEnv> {
  const inherited = Object.entries(cleanEnvironment(process.env)).filter(
    ([name]) => !STAGE_VARIABLES.includes(name),
  );
  return {
    ...Object.fromEntries(inherited),
    // The app that cdktf starts gets the same Node.
    PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    // Plain lines instead of an animation.
    CI: 'true',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
    CHECKPOINT_DISABLE: '1',
    // Else it leaves files in the home folder: its own, and a cache of plugins.
    CDKTF_HOME: path.join(localFolder, 'cdktf'),
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true',
    // Terraform and its provider read a large schema several times: a quarter less CPU for memory.
    GOGC: '400',
    ...(await providerEnvironment()),
    ...awsEnvironment(localAws),
    ...stageEnvironment(localAws),
  };
}

function awsEnvironment({ endpointUrl, region, accountId }: LocalAws) {
  return {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: region,
    AWS_ACCOUNT_ID: accountId,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function stageEnvironment({ endpointUrl, postgres, cafe24, claroshop }: LocalAws) {
  return {
    STAGE: 'local',
    NAME_PREFIX: namePrefix,
    STATE_BUCKET: '',
    ALARM_TOPIC_ARN: '',
    // Sweeps run when they are invoked: tests and the demonstration do not wait for the minute.
    SCHEDULES: 'disabled',
    SUBNET_IDS: '',
    SECURITY_GROUP_IDS: '',
    LOG_RETENTION_DAYS: '1',
    PGHOST: postgres.host,
    PGPORT: String(postgres.port),
    PGUSER: postgres.user,
    PGDATABASE: postgres.database,
    PGSSLMODE: 'disable',
    PGPASSWORD_PARAMETER: SECRET_PARAMETERS.postgresPassword,
    CAFE24_API_URL: cafe24.apiUrl,
    CAFE24_MALLS: LOCAL_MALLS.join(),
    CAFE24_MALL_ID: DEMO_MALL,
    CAFE24_CLIENT_ID: cafe24.clientId,
    CAFE24_CLIENT_SECRET_PARAMETER: SECRET_PARAMETERS.cafe24ClientSecret,
    CAFE24_REDIRECT_URI: cafe24.redirectUri,
    CAFE24_SCOPES: 'mall.read_product,mall.read_order',
    CLAROSHOP_TOKEN_URL: claroshop.tokenUrl,
    CLAROSHOP_ACCOUNTS: LOCAL_ACCOUNTS.join(),
    CLAROSHOP_USERNAME_PARAMETER: SECRET_PARAMETERS.claroshopUsername,
    CLAROSHOP_PASSWORD_PARAMETER: SECRET_PARAMETERS.claroshopPassword,
    SQS_URL_BASE: endpointUrl,
    COGNITO_ISSUER_BASE: endpointUrl,
    SLA_TIME_ZONE: 'America/Mexico_City',
    API_REQUESTS_PER_SECOND: '100',
    API_BURST_REQUESTS: '200',
    API_ACCESS_LOG: 'enabled',
  };
}
