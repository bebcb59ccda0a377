import { eventually } from '#infra/local/eventually.ts';
import type { LocalAws } from '#infra/local/local-aws.ts';
import type { Progress } from '#infra/local/progress.ts';
import { watchFunctions } from '#infra/local/watch-functions.ts';
import { type CopiedProject, copyProject } from './copied-project.ts';

interface Told {
  readonly name: string;
  readonly text: string;
  readonly ms: number;
}

/** A copy of the project's sources that is watched. */
export interface WatchedProject extends Pick<CopiedProject, 'edit'> {
  /** The n-th thing that was told, from 0 on. */
  told(index: number): Promise<Told>;
  stop(): Promise<void>;
}

export async function watchedProject(localAws: LocalAws): Promise<WatchedProject> {
  const { folder, edit, remove } = await copyProject(['functions', 'events', 'package.json']);
  const all: Told[] = [];
  const watched = await watchFunctions(localAws, folder, recording(all));
  return {
    edit,
    told: (index) => eventually(() => Promise.resolve(all[index]), 'word of the watch'),
    async stop() {
      await watched.stop();
      await remove();
    },
  };
}

function recording(all: Told[]): Progress {
  return {
    step: (name) => {
      const beganMs = performance.now();
      const end = (text = '') => {
        all.push({ name, text, ms: performance.now() - beganMs });
      };
      return { done: end, failed: end };
    },
  };
}
