import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { guarded } from './guard.ts';
import { withLock } from './lock.ts';
import type { Progress } from './progress.ts';
import { asStep } from './progress.ts';

/** Something that is installed once and then only used. */
export interface Installation {
  /** For the progress, e.g. `Install LocalStack 4.14.0`. */
  readonly title: string;
  /** Its name has all that it was made from; another version gets another folder. */
  readonly folder: string;
  /** Fills an empty folder beside `folder`, which then gets its name. */
  readonly fill: (temporaryFolder: string) => Promise<void>;
}

/**
 * Installs unless it is there.
 *
 * The folder gets its name when it is complete, so an interrupted installation is never taken for a
 * finished one: the next one begins anew. A second installer waits for the first and uses what it
 * made.
 */
export async function installOnce(
  { title, folder, fill }: Installation,
  progress: Progress,
): Promise<void> {
  if (existsSync(folder)) return;
  const step = progress.step(title);
  await asStep(step, () =>
    withLock(
      {
        file: `${folder}.lock`,
        onWait: (pid) => {
          progress.step(`${title}: process ${pid} is at it, waiting`).done();
        },
      },
      async () => {
        if (existsSync(folder)) return;
        await removeLeftovers(folder);
        const temporary = await mkdtemp(`${folder}.partial-`);
        await guarded([temporary], async () => {
          await fill(temporary);
          await rename(temporary, folder);
        });
      },
    ),
  );
}

async function removeLeftovers(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  const names = await readdir(parent);
  const leftovers = names.filter((name) => name.startsWith(`${path.basename(folder)}.partial-`));
  await Promise.all(
    leftovers.map((name) => rm(path.join(parent, name), { recursive: true, force: true })),
  );
}
