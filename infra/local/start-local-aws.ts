import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { LocalAws } from './local-aws.ts';
import { marking } from './markers.ts';
import { installLocalStack } from './local-stack-install.ts';
import type { RunningLocalStack } from './local-stack.ts';
import { startLocalStack } from './local-stack.ts';
import { withLock } from './lock.ts';
import { localFolder } from './paths.ts';
import { startPostgres } from './postgres.ts';
import type { Progress } from './progress.ts';
import { asStep } from './progress.ts';
import { readLiveRecord, writeRecord } from './record.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import type { ScriptedProviders } from './scripted-providers.ts';
import { startScriptedProviders } from './scripted-providers.ts';
import { accountId, region } from './settings.ts';
import { onTermination } from './termination.ts';

/** A local AWS that this process started, or one that it uses. */
export interface RunningLocalAws {
  readonly localAws: LocalAws;
  /** Whether this process started it; then it ends with this process. */
  readonly isOurs: boolean;
  /** Ends all of it and removes its folders; does nothing if another process started it. */
  readonly stop: () => Promise<void>;
}

export interface StartOptions {
  readonly progress: Progress;
  /** Where the record and the logs of the run lie; another one than `.local/` is not found by others. */
  readonly stateFolder?: string;
}

/**
 * The local AWS that runs, else one that is started now; two that ask at once share one.
 *
 * @throws {@link MissingToolError} the machine lacks something; the error says how to get it.
 */
export async function useLocalAws(progress: Progress): Promise<RunningLocalAws> {
  const lock = {
    file: path.join(localFolder, 'start.lock'),
    onWait: (pid: number) => {
      progress.step(`Process ${pid} is starting the local AWS, waiting`).done();
    },
  };
  return withLock(lock, async () => {
    const localAws = await findRunningLocalAws();
    if (localAws === undefined) return startLocalAws({ progress });
    progress.step('Use the local AWS that runs').done(localAws.endpointUrl);
    return { localAws, isOurs: false, stop: () => Promise.resolve() };
  });
}

/** The local AWS that runs, proved by asking it, not only by its record. */
export function findRunningLocalAws(stateFolder = localFolder): Promise<LocalAws | undefined> {
  return readLiveRecord(recordFileIn(stateFolder));
}

/**
 * Starts LocalStack with our plugin and DynamoDB Local, Postgres 17 and the scripted providers,
 * after installing what is missing. SIGINT, SIGTERM and SIGHUP stop it and end this process.
 *
 * @throws {@link MissingToolError} the machine lacks something; the error says how to get it.
 * @throws Error a part did not come up; the text has the end of its log. Nothing is left running.
 */
export async function startLocalAws(options: StartOptions): Promise<RunningLocalAws> {
  const { stateFolder = localFolder } = options;
  await mkdir(stateFolder, { recursive: true });
  const run = await beginRun(recordFileIn(stateFolder));
  let ended: Promise<void> | undefined;
  const end = () =>
    (ended ??= asStep(options.progress.step('Stop the local AWS'), () => run.end()));
  const stopListening = onTermination(end);
  let providers: ScriptedProviders | undefined;
  try {
    const { marker } = run;
    const parts = await marking(marker, () => startProcesses(run, { ...options, stateFolder }));
    providers = await startScriptedProviders(options.progress);
    const { stop: stopProviders, ...addresses } = providers;
    const localAws = { ...parts, region, accountId, ...addresses };
    await writeRecord(recordFileIn(stateFolder), { marker, localAws });
    const stop = async () => {
      await Promise.all([end(), stopProviders()]);
      stopListening();
    };
    return { localAws, isOurs: true, stop };
  } catch (error) {
    // This error is told, whatever comes of cleaning up.
    await Promise.allSettled([run.end(), providers?.stop()]);
    stopListening();
    throw error;
  }
}

async function startProcesses(
  run: Run,
  { progress, stateFolder }: Required<StartOptions>,
): Promise<Pick<LocalAws, 'endpointUrl' | 'instanceId' | 'postgres'>> {
  const [localStack, postgres] = await Promise.all([
    installAndStartLocalStack(run, progress, path.join(stateFolder, 'localstack.log')),
    asStep(
      progress.step('Start Postgres 17'),
      () => startPostgres(run, path.join(stateFolder, 'postgres.log')),
      ({ host, port }) => `${host}:${port}`,
    ),
  ]);
  return { ...localStack, postgres };
}

async function installAndStartLocalStack(
  run: Run,
  progress: Progress,
  logFile: string,
): Promise<RunningLocalStack> {
  const parts = await installLocalStack(progress);
  return asStep(
    progress.step(`Start LocalStack ${parts.version}`),
    () => startLocalStack(run, parts, logFile),
    ({ endpointUrl }) => endpointUrl,
  );
}

/** The record of the local AWS that runs. */
export function recordFileIn(stateFolder: string): string {
  return path.join(stateFolder, 'running.json');
}
