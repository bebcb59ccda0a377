import { describe, expect, it } from 'vitest';
import { ClaroshopWorld, eventIdOf, type StoresOf } from './claroshop-world.ts';
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
    await leaveInEscrow(world);
  },
} as const;
type Situation = keyof typeof SITUATIONS;
type Run = 'refresh' | 'obtain' | 'sweep';

/** Enough for the longest rest (5 min) and a sweep after it. */
const MINUTES_UNTIL_ALL_IS_WELL = 8;

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

/** Minutes go by, at least one, until nothing is left to do. */
async function untilAllIsWell(world: ClaroshopWorld): Promise<void> {
  for (let minute = 0; minute < MINUTES_UNTIL_ALL_IS_WELL; minute++) {
    await world.minutes(1);
    const { bundle } = await world.bundle();
    const { open, rest, hasUnpublished } = await world.attempts.standing();
    const isIdle = open === undefined && rest === undefined && !hasUnpublished;
    const leftMs = bundle && Date.parse(bundle.expires_at) - world.clock.now().getTime();
    if (isIdle && leftMs !== undefined && leftMs > 150_000) return;
  }
}

async function expectAllIsWell(world: ClaroshopWorld, where: string): Promise<void> {
  const { version, bundle } = await world.bundle();
  expect(bundle, where).toBeDefined();
  expect(bundle?.refresh_token, where).toBe(world.realm.livingRefreshToken);
  expect(Date.parse(bundle!.expires_at), where).toBeGreaterThan(world.clock.now().getTime());
  expect(await world.staleNames(), where).toEqual([]);
  expect(await world.attempts.standing(), where).toMatchObject({
    open: undefined,
    hasUnpublished: false,
  });
  const held = await world.stores.escrow.list();
  expect(
    held.filter(({ attempt }) => attempt.subject.endsWith(world.account)),
    where,
  ).toEqual([]);
  expect(world.realm.maxInFlight, where).toBe(1);
  expectEveryVersionTold(world, version, where);
}

/** Each version that was stored has its outcome, told once under one id, and no other version has. */
function expectEveryVersionTold(world: ClaroshopWorld, version: number, where: string): void {
  const told = new Map(
    world.published
      .filter(({ detailType }) => detailType === 'TokenIssued' || detailType === 'TokenRefreshed')
      .map((event) => [eventIdOf(event), event.detail['version']]),
  );
  const versions = Array.from({ length: version }, (_, index) => index + 1);
  expect(
    [...told.values()].sort((one, other) => Number(one) - Number(other)),
    where,
  ).toEqual(versions);
}

/** A refresh whose grant could be saved nowhere but in escrow, and whose lease is over. */
async function leaveInEscrow(world: ClaroshopWorld): Promise<void> {
  await world.process().refresh();
  world.clock.advanceSeconds(200);
  const process = world.process();
  const { tokens } = process.grants;
  Object.assign(tokens, { commit: () => Promise.reject(new Error('away')) });
  expect(await process.refresh({ version: 1 })).toBe('escrowed');
  world.clock.advanceSeconds(40);
}
