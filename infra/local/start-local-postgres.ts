import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { PostgresAddress } from './local-aws.ts';
import { marking } from './markers.ts';
import { localFolder } from './paths.ts';
import { startPostgres } from './postgres.ts';
import { asStep, type Progress } from './progress.ts';
import { beginRun } from './run.ts';
import { onTermination } from './termination.ts';

export interface RunningPostgres {
  readonly address: PostgresAddress;
  /** Ends it and removes its folder and its log. */
  readonly stop: () => Promise<void>;
}

/** A Postgres 17 of its own, beside no other part of the local AWS. A signal stops it too. */
export async function startLocalPostgres(progress: Progress): Promise<RunningPostgres> {
  await mkdir(localFolder, { recursive: true });
  const name = `postgres-${String(process.pid)}`;
  const run = await beginRun(path.join(localFolder, `${name}.json`));
  const stopListening = onTermination(() => run.end());
  const logFile = path.join(localFolder, `${name}.log`);
  const stop = async () => {
    await run.end();
    await rm(logFile, { force: true });
    stopListening();
  };
  try {
    const address = await asStep(progress.step('Start Postgres 17'), () =>
      marking(run.marker, () => startPostgres(run, logFile)),
    );
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
