import { authorize } from './authorizing.ts';
import type { Judgement, RunResult } from '../flow.ts';
import { judge } from './judge.ts';
import { SWEEP_LIFE_MS } from '../queues.ts';
import { START_MS } from '../world.ts';
import { Cafe24World, type RunOptions } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const CHAOS_MS = 6 * MINUTE;

/** One run: some minutes in which everything may fail, then all is healed, then what is left is judged. */
export async function runOnce(options: RunOptions): Promise<RunResult> {
  await options.database.clear();
  const healMs = START_MS + CHAOS_MS;
  const world = new Cafe24World(options, { startMs: START_MS, healMs });
  await open(world);
  schedule(world, healMs);
  options.ablation.plant?.(world, healMs);
  await world.scheduler.runUntil(healMs);
  const judgement = await heal(world);
  return {
    ...judgement,
    windows: world.windows,
    posts: world.ledger.posts.length,
    messages: world.queues.fates,
    trace: world.trace,
  };
}

/** Most malls have a grant from before. */
async function open(world: Cafe24World): Promise<void> {
  const { weather } = world;
  world.isHealed = true;
  for (const mallId of world.malls) {
    if (world.random.chance(0.85)) await authorize(world, mallId);
  }
  await world.scheduler.runUntil(START_MS + 5 * SECOND);
  world.isHealed = false;
  world.note(undefined, `weather ${JSON.stringify(weather)}`);
}

function schedule(world: Cafe24World, healMs: number): void {
  const { scheduler, random, weather, malls } = world;
  const fromMs = scheduler.nowMs;
  const some = (count: number, act: () => unknown) => {
    for (let at = 0; at < count; at++) scheduler.at(random.between(fromMs, healMs), act);
  };
  for (let atMs = fromMs + random.between(0, MINUTE); atMs < healMs; atMs += weather.sweepEveryMs) {
    sweep(world, 'warn', atMs);
    sweep(world, 'recover', atMs + random.between(0, weather.sweepEveryMs));
  }
  some(weather.authorizations, async () => {
    const mallId = random.pick(malls);
    await authorize(world, mallId);
    if (random.chance(0.3)) {
      scheduler.at(scheduler.nowMs + random.between(50, 15_000), () => authorize(world, mallId));
    }
    if (!weather.isRush && random.chance(0.7)) return;
    for (const withinMs of [500, 20_000]) {
      const delayMs = random.between(0, withinMs);
      const clients = random.whole(1, 3);
      scheduler.at(scheduler.nowMs + delayMs, () => wish(world, mallId, clients));
    }
  });
  if (weather.isAnnounced) {
    for (let atMs = fromMs; atMs < healMs; atMs += MINUTE) {
      scheduler.at(atMs + random.between(0, MINUTE), () => world.announce({ watch: true }));
    }
    some(weather.authorizations, () => world.announce({ mallId: random.pick(malls) }));
  }
  some(weather.wishes, () => wish(world, random.pick(malls), 1));
  some(weather.bursts, () => wish(world, random.pick(malls), weather.burst));
  if (weather.isRevokedByMall) {
    some(1, () => {
      world.note(undefined, 'the mall removes the application');
      world.provider.removeApplication(random.pick(malls));
    });
  }
}

function sweep(world: Cafe24World, role: 'warn' | 'recover', atMs: number): void {
  const { scheduler, random, weather } = world;
  const times = random.chance(weather.twinSweep) ? [atMs, atMs + random.between(0, 30)] : [atMs];
  for (const at of times) scheduler.at(at, () => world.invoke(role, SWEEP_LIFE_MS));
}

async function wish(world: Cafe24World, mallId: string, count: number): Promise<void> {
  const [row] = await world.database.sql(
    'select version::int from cafe24.oauth_tokens where mall_id = $1',
    [mallId],
  );
  if (row === undefined) return;
  const version = Number(row['version']);
  world.note(undefined, `${count} clients see version ${version} of ${mallId} rejected`);
  const { correlationId } = world.weather.odd;
  const metadata = correlationId === undefined ? {} : { metadata: { correlationId } };
  const warning = { provider: 'cafe24', mallId, version, reason: 'rejected', ...metadata } as const;
  world.queues.sendBurst('refresh', warning, count);
}

async function heal(world: Cafe24World): Promise<Judgement> {
  const { scheduler } = world;
  const pass = (ms: number) => scheduler.runUntil(scheduler.nowMs + ms);
  const recover = () => world.invoke('recover', SWEEP_LIFE_MS);
  const warn = () => world.invoke('warn', SWEEP_LIFE_MS);
  world.isHealed = true;
  world.note(undefined, 'all is healed');
  await warn();
  await pass(65 * SECOND);
  await recover();
  await pass(20 * SECOND);
  await recover();
  await pass(35 * SECOND);
  await recover();
  await warn();
  // What a dead process received comes back, and whoever was paused has woken.
  await pass(8 * MINUTE);
  await recover();
  await warn();
  await pass(40 * SECOND);
  const early = await judge.marks(world);
  // The longest rest of a mall, and the life of an access token whose answer named none, are over.
  await pass(121 * MINUTE);
  await warn();
  await pass(80 * SECOND);
  await recover();
  await pass(35 * SECOND);
  return await judge.all(world, early);
}
