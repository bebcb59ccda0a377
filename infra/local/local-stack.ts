import { randomUUID } from 'node:crypto';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findLambdaNode } from './lambda-node.ts';
import type { LocalStackParts } from './local-stack-install.ts';
import { onFreePort } from './ports.ts';
import type { Run } from './run.ts';
import { localStackSettings, usualPorts } from './settings.ts';

/** A LocalStack that answers. */
export interface RunningLocalStack {
  readonly endpointUrl: string;
  /** Of this process of it. */
  readonly instanceId: string;
}

const readyWithinMs = 120_000;
/** Long: a busy machine must not make a running LocalStack look dead. */
const answerWithinMs = 10_000;

/** @returns when all services and start hooks are ready. @throws Error with the end of the log. */
export async function startLocalStack(
  run: Run,
  parts: LocalStackParts,
  logFile: string,
): Promise<RunningLocalStack> {
  const home = path.join(run.folder, 'localstack');
  const temporary = path.join(home, 'tmp');
  await cp(parts.filesystem, home, { recursive: true });
  await mkdir(temporary);
  const instanceId = randomUUID();
  const endpointUrl = await onFreePort(usualPorts.localStack, async (port) => {
    const child = await run.start({
      command: parts.python,
      args: ['-m', 'localstack.runtime.main', run.marker],
      environment: environmentOf({ port, home, temporary, marker: run.marker, instanceId, parts }),
      cwd: home,
      logFile,
      endSignal: 'SIGTERM',
    });
    const url = `http://127.0.0.1:${port}`;
    await child.eventually(readyWithinMs, () => assertReady(url, instanceId));
    return url;
  });
  await assertHealthy(endpointUrl);
  return { endpointUrl, instanceId };
}

interface Placement {
  readonly port: number;
  readonly home: string;
  readonly temporary: string;
  readonly marker: string;
  readonly instanceId: string;
  readonly parts: LocalStackParts;
}

/** Nothing of our own environment but the path: LocalStack reads a great many variables. */
function environmentOf(placement: Placement): NodeJS.ProcessEnv {
  const { port, home, temporary, marker, instanceId, parts } = placement;
  return {
    ...localStackSettings,
    PATH: process.env['PATH'],
    HOME: home,
    LANG: 'C.UTF-8',
    TMPDIR: temporary,
    XDG_CACHE_HOME: path.join(home, 'cache'),
    FILESYSTEM_ROOT: home,
    OVERRIDE_IN_DOCKER: '0',
    PYTHONPATH: fileURLToPath(new URL('plugin', import.meta.url)),
    // Beside the packages, not in our sources.
    PYTHONPYCACHEPREFIX: `${parts.filesystem}-pycache`,
    PYTHONUNBUFFERED: '1',
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    LOCALSTACK_HOST: `127.0.0.1:${port}`,
    LAMBDA_NODE_BIN: findLambdaNode(),
    TOKENLINE_DYNAMODB_FOLDER: parts.dynamoDbFolder,
    TOKENLINE_JAVA: parts.java,
    TOKENLINE_MARKER: marker,
    TOKENLINE_INSTANCE_ID: instanceId,
  };
}

const readinessSchema = z.object({ completed: z.boolean() });
const healthSchema = z.object({ services: z.record(z.string(), z.string()) });
const instanceSchema = z.object({ instanceId: z.string() });

async function assertReady(endpointUrl: string, instanceId: string): Promise<void> {
  const { completed } = readinessSchema.parse(await get(`${endpointUrl}/_localstack/init/ready`));
  if (!completed) throw new Error('LocalStack is still starting.');
  // Ours did not get the port, and ends.
  if ((await readInstanceId(endpointUrl)) !== instanceId) {
    throw new Error(`Another LocalStack answers at ${endpointUrl}.`);
  }
}

async function assertHealthy(endpointUrl: string): Promise<void> {
  const { services } = healthSchema.parse(await get(`${endpointUrl}/_localstack/health`));
  const failed = Object.keys(services).filter((name) => services[name] === 'error');
  if (failed.length > 0) throw new Error(`LocalStack could not start ${failed.join(', ')}.`);
}

/** The id of the LocalStack process at that address. @throws Error no LocalStack of ours is there. */
export async function readInstanceId(endpointUrl: string): Promise<string> {
  return instanceSchema.parse(await get(`${endpointUrl}/_tokenline/instance`)).instanceId;
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
  return response.json();
}
