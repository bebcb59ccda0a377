import { setTimeout as pause } from 'node:timers/promises';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { sha256Of } from '../bundle.ts';
import { localLambda, replaceCode } from './deployed-code.ts';
import { functionBuilds, type FunctionBuilds } from './function-builds.ts';
import type { LocalAws } from './local-aws.ts';
import type { Progress } from './progress.ts';
import { namePrefix } from './settings.ts';
import { watchSources } from './watch-sources.ts';

export interface WatchedFunctions {
  readonly names: readonly string[];
  /** Ends when what is under way is done. */
  stop(): Promise<void>;
}

interface Live {
  readonly lambda: LambdaClient;
  readonly builds: FunctionBuilds;
  readonly progress: Progress;
}

/** Where the functions' sources lie. */
const SOURCES = ['functions', 'events'];
/** An editor writes a file in several steps. */
const SETTLE_MS = 30;

/**
 * Watches the sources of a project: a function that a change affects is built and put on the local
 * AWS at once, in place of the code that a deploy put there. A build that fails is told, and the old
 * code stays. Types are not checked.
 *
 * @param folder the project's.
 */
export async function watchFunctions(
  localAws: LocalAws,
  folder: string,
  progress: Progress,
): Promise<WatchedFunctions> {
  const builds = await functionBuilds(folder);
  const live: Live = { lambda: localLambda(localAws), builds, progress };
  let changed = new Set<string>();
  let work = Promise.resolve();
  const workOff = async () => {
    await pause(SETTLE_MS);
    const files = changed;
    changed = new Set();
    for (const name of builds.affectedBy(files)) await putLive(name, live);
  };
  const watching = watchSources(folder, SOURCES, {
    onChange: (file) => {
      const isFirst = changed.size === 0;
      changed.add(file);
      if (isFirst) work = work.then(workOff);
    },
    onError: ({ message }) => {
      progress.step('Watch the sources').failed(message);
    },
  });
  return {
    names: builds.names,
    async stop() {
      watching.close();
      await work;
      await builds.dispose();
    },
  };
}

/** Never throws: what fails is told, and tried again at the next change. */
async function putLive(name: string, { lambda, builds, progress }: Live): Promise<void> {
  const step = progress.step(name);
  try {
    const zip = await builds.zip(name);
    const code = { functionName: `${namePrefix}-${name}`, zip, sha256: sha256Of(zip) };
    step.done((await replaceCode(lambda, code)) ? 'is live' : 'is live already');
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    step.failed(`the old code stays. ${text}`);
  }
}
