import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node';
import { projectFolder } from '#infra/local/paths.ts';
import { STACK_MUTATION } from '#test/support/mutated-stack.ts';
import { unitTests } from '../../vitest.config.ts';
import type { Mutation, SourceMutation } from './mutation.ts';

/**
 * What became of a mistake: a test failed, tests only took too long (which a busy machine does as well),
 * none failed, or there is no test that imports the file.
 */
export type Verdict = 'caught' | 'timeout' | 'survived' | 'untested';

export interface Judge {
  /** @throws Error the tests fail without any mistake: then they say nothing of one. */
  tryWithout(): Promise<void>;
  judge(mutation: Mutation): Promise<Verdict>;
  close(): Promise<void>;
}

/** A run that takes longer goes round in circles: its processes are killed, and the mistake is caught. */
const LONGEST_RUN_MS = 180_000;
const ALL_TESTS_MS = 900_000;
/** But what bundles the code: no mistake of the stack is in it. */
const STACK_TESTS = /\/test\/unit\/(infra\/(?!bundle)|handlers\.test)/;

/** One vitest for all mistakes: what it has transformed once, it has. */
export async function startJudge(): Promise<Judge> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tokenline-mutations-'));
  let present: SourceMutation | undefined;
  const plugin = {
    name: 'mistake',
    enforce: 'pre' as const,
    transform: (code: string, id: string) =>
      present && id === fileOf(present) ? withMistake(present) : code,
  };
  const vitest = await createVitest(
    'test',
    { watch: false, reporters: [{}], bail: 1, config: false, root: projectFolder },
    { plugins: [plugin], test: unitTests },
  );
  const tests = await vitest.globTestSpecifications();
  const ofStack = tests.filter(({ moduleId }) => STACK_TESTS.test(moduleId));
  return {
    async tryWithout() {
      if ((await run(vitest, tests, ALL_TESTS_MS)) !== 'survived') {
        throw new Error('The unit tests fail without a mistake: see npm run unit.');
      }
    },
    async judge({ kind, change }) {
      if (kind === 'stack') {
        const file = path.join(folder, 'mutation.json');
        writeFileSync(file, JSON.stringify(change));
        process.env[STACK_MUTATION] = file;
        const verdict = await run(vitest, ofStack);
        Reflect.deleteProperty(process.env, STACK_MUTATION);
        return verdict;
      }
      const related = await relatedTo(vitest, tests, fileOf(change));
      if (related.length === 0) return 'untested';
      present = change;
      vitest.invalidateFile(fileOf(change));
      const verdict = await run(vitest, related);
      present = undefined;
      vitest.invalidateFile(fileOf(change));
      return verdict;
    },
    async close() {
      await vitest.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const fileOf = ({ file }: SourceMutation) => path.join(projectFolder, file);

function withMistake({ file, start, end, becomes }: SourceMutation): string {
  const text = readFileSync(path.join(projectFolder, file), 'utf8');
  return text.slice(0, start) + becomes + text.slice(end);
}

async function run(
  vitest: Vitest,
  tests: readonly TestSpecification[],
  longestMs = LONGEST_RUN_MS,
): Promise<Verdict> {
  const timer = setTimeout(killWorkers, longestMs);
  try {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications([...tests]);
    const failed = testModules.flatMap(({ children }) => [...children.allTests('failed')]);
    const messages = [
      ...failed.flatMap((test) => test.result().errors ?? []),
      ...testModules.flatMap((module) => module.errors()),
    ].map(({ message }) => message);
    if (unhandledErrors.length > 0 || messages.some((it) => !it.includes('timed out in'))) {
      return 'caught';
    }
    return testModules.every((it) => it.ok()) ? 'survived' : 'timeout';
  } finally {
    clearTimeout(timer);
  }
}

/** The processes that this one has started: vitest's. */
function killWorkers(): void {
  const pids = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  });
  for (const pid of pids.split('\n').filter((it) => it.trim() !== '')) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone already: ps was one of them.
    }
  }
}

/** The tests that import a file, however deep; as `vitest related` finds them. */
async function relatedTo(
  vitest: Vitest,
  tests: readonly TestSpecification[],
  file: string,
): Promise<readonly TestSpecification[]> {
  vitest.config.related = [file];
  const related = await vitest.getRelevantTestSpecifications();
  const ids = new Set(related.map(({ moduleId }) => moduleId));
  return tests.filter(({ moduleId }) => ids.has(moduleId));
}
