import { describe, expect, it } from 'vitest';
import { expectAllIsWell, untilAllIsWell } from './all-is-well.ts';
import { ClaroshopWorld, type StoresOf } from './claroshop-world.ts';
import { leaveOpenInEscrow } from './left-in-escrow.ts';
import { Steps, type StopAt } from './steps.ts';

/** Before the run that is stopped: an account with nothing, with tokens, with a dead refresh token. */
const SITUATIONS = {
  'with nothing stored': () => Promise.resolve(),
  'with tokens stored': async (world: ClaroshopWorld) => {
    await world.process().refresh();
    world.clock.advanceSeconds(200);
  },
  'whose refresh token is dead': async (world: ClaroshopWorld) => {
    await world.process().refresh();
    world.clock.advanceSeconds(200);
    world.realm.livingRefreshToken = undefined;
  },
  'with a grant in escrow only': async (world: ClaroshopWorld) => {
    await leaveOpenInEscrow(world);
  },
} as const;
type Situation = keyof typeof SITUATIONS;
type Run = 'refresh' | 'obtain' | 'sweep';

/**
 * Stops a process before and after each of its calls, and looks what becomes of the account when
 * others go on: whatever the call, all is well in the end.
 */
export function describeStops(
  title: string,
  storesOf: () => StoresOf,
  situations = Object.keys(SITUATIONS) as readonly Situation[],
): void {
  describe.each(situations)(`${title}: an account %s`, (situation) => {
    it.each(['refresh', 'obtain', 'sweep'] as const)(
      'is well again wherever a %s was stopped',
      async (run) => {
        const whole = await stoppedRun({ situation, run, storesOf: storesOf() });
        expect(whole.calls).toBeGreaterThan(2);
        for (let call = 0; call < whole.calls; call++) {
          for (const when of ['before', 'after'] as const) {
            await stoppedRun({ situation, run, storesOf: storesOf() }, { call, when });
          }
        }
        console.log(`${title}, ${situation}, ${run}: ${String(2 * whole.calls)} stops`);
      },
      300_000,
    );
  });
}

interface Scene {
  readonly situation: Situation;
  readonly run: Run;
  readonly storesOf: StoresOf;
}

async function stoppedRun({ situation, run, storesOf }: Scene, stopAt?: StopAt): Promise<Steps> {
  const world = new ClaroshopWorld(storesOf);
  await SITUATIONS[situation](world);
  const postsBefore = world.realm.posts.length;
  const steps = new Steps(stopAt);
  const process = world.process(steps);
  const { version } = await world.bundle();
  await (run === 'refresh' ? process.refresh({ version }) : process[run]()).catch(() => undefined);
  const where = `${run} stopped ${stopAt?.when ?? 'never'} ${steps.names.at(-1) ?? ''} (call ${String(stopAt?.call)})`;

  await untilAllIsWell(world);
  await expectAllIsWell(world, where);
  // What lay in escrow is installed, and nobody need be asked.
  const asks = run !== 'sweep' && situation !== 'with a grant in escrow only';
  if (asks) expect(world.realm.posts.length, where).toBeGreaterThan(postsBefore);
  return steps;
}
