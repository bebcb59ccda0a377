import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { stateFolders } from '#infra/local/cdktf.ts';
import { deployLocally } from '#infra/local/deploy.ts';
import type { LocalAws } from '#infra/local/local-aws.ts';
import { withLock } from '#infra/local/lock.ts';
import type { Progress } from '#infra/local/progress.ts';
import { StackOutputs } from '#infra/outputs.ts';

/** The variable that names the run of the tests which a process belongs to. */
export const TEST_RUN = 'TOKENLINE_TEST_RUN';

const Note = z.object({ run: z.string(), stack: StackOutputs });

/**
 * Deploys the stack, once in a run of the tests: that another deploy would find nothing to change takes
 * it 20 s, and a test of its own shows it. The run is named by the environment, else it is this process.
 */
export function deployOnce(localAws: LocalAws, progress: Progress): Promise<StackOutputs> {
  const run = process.env[TEST_RUN] ?? String(process.pid);
  const file = path.join(stateFolders, localAws.instanceId, 'test-run.json');
  return withLock({ file: `${stateFolders}-test-run.lock` }, async () => {
    const note = await readNote(file);
    if (note?.run === run) return note.stack;
    const stack = await deployLocally(localAws, progress);
    await writeFile(file, JSON.stringify({ run, stack }));
    return stack;
  });
}

async function readNote(file: string): Promise<z.infer<typeof Note> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Note.parse(JSON.parse(text));
}
