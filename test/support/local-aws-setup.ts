import type { TestProject } from 'vitest/node';
import type { LocalAws } from '#infra/local/local-aws.ts';
import { terminalProgress } from '#infra/local/progress.ts';
import { useLocalAws } from '#infra/local/start-local-aws.ts';

declare module 'vitest' {
  interface ProvidedContext {
    localAws: LocalAws;
  }
}

/**
 * Gives the tests the local AWS that runs, or starts one and stops it when all projects of this
 * vitest run are done (it tears down in the end only, so projects can share what the first started).
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stop, localAws } = await useLocalAws(terminalProgress());
  project.provide('localAws', localAws);
  return stop;
}
