import type { TestProject } from 'vitest/node';
import { terminalProgress } from '#infra/local/progress.ts';
import { useLocalAws } from '#infra/local/start-local-aws.ts';
import type { StackOutputs } from '#infra/outputs.ts';
import { deployOnce } from './deploy-once.ts';

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackOutputs;
  }
}

/** Before the first e2e test: a local AWS, the running one if there is, with the stack deployed. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const progress = terminalProgress();
  const { localAws, stop } = await useLocalAws(progress);
  try {
    const stack = await deployOnce(localAws, progress);
    project.provide('localAws', localAws);
    project.provide('stack', stack);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
