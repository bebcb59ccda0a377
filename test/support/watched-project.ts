import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '#infra/local/eventually.ts';
import type { LocalAws } from '#infra/local/local-aws.ts';
import type { Progress } from '#infra/local/progress.ts';
import { watchFunctions } from '#infra/local/watch-functions.ts';

interface Told {
  readonly name: string;
  readonly text: string;
  readonly ms: number;
}

/** A copy of the project's sources that is watched. */
export interface WatchedProject {
  /** Replaces the text in a file of the copy, as somebody does who saves it. */
  edit(file: string, from: string, to: string): Promise<void>;
  /** The n-th thing that was told, from 0 on. */
  told(index: number): Promise<Told>;
  stop(): Promise<void>;
}

export async function watchedProject(localAws: LocalAws): Promise<WatchedProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tokenline-watched-'));
  for (const part of ['functions', 'events', 'package.json']) {
    await cp(part, path.join(folder, part), { recursive: true });
  }
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  const all: Told[] = [];
  const watched = await watchFunctions(localAws, folder, recording(all));
  return {
    async edit(file, from, to) {
      const text = await readFile(path.join(folder, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      await writeFile(path.join(folder, file), text.replace(from, to));
    },
    told: (index) => eventually(() => Promise.resolve(all[index]), 'word of the watch'),
    async stop() {
      await watched.stop();
      await rm(folder, { recursive: true });
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
