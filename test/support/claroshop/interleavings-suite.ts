import { describe, expect, it } from 'vitest';
import { expectAllIsWell, untilAllIsWell } from './all-is-well.ts';
import { ClaroshopWorld, type StoresOf } from './claroshop-world.ts';
import { leaveGivenUpInEscrow, leaveOpenInEscrow } from './left-in-escrow.ts';
import { Steps } from './steps.ts';

const SITUATIONS = {
  'whose attempt is open still': leaveOpenInEscrow,
  'whose attempt was given up': leaveGivenUpInEscrow,
} as const;
type Situation = keyof typeof SITUATIONS;
type Run = 'refresh' | 'obtain' | 'sweep';

/** What others do between two calls of the one that is watched. */
const MEANWHILE = {
  'a sweep': (world: ClaroshopWorld) => world.process().sweep(),
  'two rotations': async (world: ClaroshopWorld) => {
    for (let rotation = 0; rotation < 2; rotation++) await rotate(world);
  },
  'a sweep and a rotation': async (world: ClaroshopWorld) => {
    await world.process().sweep();
    await rotate(world);
  },
} as const;
type Meanwhile = keyof typeof MEANWHILE;

interface Scene {
  readonly situation: Situation;
  readonly run: Run;
  readonly meanwhile: Meanwhile;
  readonly storesOf: StoresOf;
}

/**
 * Two processes find the same grant in escrow, and everything that one does happens between two calls
 * of the other: it is installed once, and no later grant is lost by it.
 */
export function describeInterleavings(title: string, storesOf: () => StoresOf): void {
  describe.each(Object.keys(SITUATIONS) as Situation[])(
    `${title}: a grant in escrow %s`,
    (situation) => {
      describe.each(['refresh', 'obtain', 'sweep'] as const)('found by a %s', (run) => {
        it.each(Object.keys(MEANWHILE) as Meanwhile[])(
          'is installed once, wherever %s comes in between',
          async (meanwhile) => {
            const scene = { situation, run, meanwhile, storesOf: storesOf() };
            const calls = await interleavedRun(scene, Infinity);
            expect(calls).toBeGreaterThan(1);
            for (let call = 0; call < calls; call++) await interleavedRun(scene, call);
          },
          300_000,
        );
      });
    },
  );
}

/** @returns how many calls the watched process made. */
async function interleavedRun(scene: Scene, pauseBefore: number): Promise<number> {
  const { situation, run, meanwhile, storesOf } = scene;
  const world = new ClaroshopWorld(storesOf);
  await SITUATIONS[situation](world);
  let calls = 0;
  const steps = new Steps(undefined, async () => {
    if (calls++ === pauseBefore) await MEANWHILE[meanwhile](world);
  });
  const process = world.process(steps);
  const { version } = await world.bundle();
  await (run === 'refresh' ? process.refresh({ version }) : process[run]());
  const where = `${meanwhile} before ${run}'s ${steps.names[pauseBefore] ?? ''} (${String(pauseBefore)})`;
  await untilAllIsWell(world);
  await expectAllIsWell(world, where);
  // A grant that was overwritten, or overtaken by one that is dead, is healed by the password only.
  expect(world.realm.ended('password'), where).toBe(1);
  const messages = world.log.lines.map(({ message }) => message);
  expect(messages, where).not.toContain('bundle-overwritten');
  return steps.calls;
}

async function rotate(world: ClaroshopWorld): Promise<void> {
  const { version } = await world.bundle();
  await world.process().refresh({ version });
}
