import type { Judgement, RunResult, Violation } from '../flow.ts';
import { START_MS } from '../world.ts';
import { judge } from './judge.ts';
import { ClaroshopWorld, credentialsKey, usernameOf, type RunOptions } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const CHAOS_MS = 6 * MINUTE;
/** Until then the longest rest, the longest lease and the longest pause are over. */
const RECOVERY_MS = 12 * MINUTE;
const HEALTHY_MS = 4 * MINUTE;
/** Until then whoever asked while an account was locked has told of it, or has lost its lease. */
const LEASES_OVER_MS = 2 * MINUTE;
/** From healing to the last direct invocations, or a sweep's time later. */
export const LAST_LOOK_MS = RECOVERY_MS + HEALTHY_MS;

/** One run: some minutes in which everything may fail, then all is healed, then what is left is judged. */
export async function runOnce(options: RunOptions): Promise<RunResult> {
  await options.stores.clear();
  const healMs = START_MS + CHAOS_MS;
  const world = new ClaroshopWorld(options, { startMs: START_MS, healMs });
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

/** Most accounts have a grant from before. */
async function open(world: ClaroshopWorld): Promise<void> {
  const { weather, random, scheduler } = world;
  world.isHealed = true;
  for (const account of world.accounts) {
    if (random.chance(0.7)) await world.invoke(account);
  }
  await scheduler.runUntil(START_MS + 5 * SECOND);
  world.isHealed = false;
  world.note(undefined, `weather ${JSON.stringify(weather)}`);
}

function schedule(world: ClaroshopWorld, healMs: number): void {
  const { scheduler, random, weather, accounts } = world;
  const fromMs = scheduler.nowMs;
  const some = (count: number, act: (account: string) => unknown) => {
    for (let at = 0; at < count; at++) {
      const account = random.pick(accounts);
      scheduler.at(random.between(fromMs, healMs), () => act(account));
    }
  };
  const { sweepEveryMs } = weather;
  for (let atMs = fromMs + random.between(0, sweepEveryMs); atMs < healMs; atMs += sweepEveryMs) {
    const isTwin = random.chance(weather.twinSweep);
    for (const at of isTwin ? [atMs, atMs + random.between(0, 30)] : [atMs]) {
      scheduler.at(at, () => world.sweep());
    }
  }
  some(weather.invocations, (account) => world.invoke(account));
  some(weather.wishes, (account) => {
    wish(world, account, 1);
  });
  some(weather.bursts, (account) => {
    wish(world, account, weather.burst);
    for (let at = random.whole(0, 2); at > 0; at--) {
      scheduler.at(scheduler.nowMs + random.between(0, 500), () => world.invoke(account));
    }
  });
  some(weather.signOuts, (account) => {
    world.note(undefined, `ClaroShop ends the sessions of ${account}`);
    world.provider.signOut(usernameOf(account));
  });
  if (weather.passwordChanges) {
    some(1, (account) => {
      changePassword(world, account);
    });
  }
  if (weather.isLockedByOthers) {
    some(1, (account) => {
      world.note(undefined, `somebody else locks ${account}`);
      world.lockByOthers(account);
    });
  }
  some(1, () => {
    world.provider.configure('*', { omit: weather.omitted });
  });
}

function wish(world: ClaroshopWorld, account: string, count: number): void {
  const version = world.versionOf(account);
  world.note(undefined, `${count} clients see version ${version} of ${account} rejected`);
  const warning = { provider: 'claroshop', account, version, reason: 'rejected' } as const;
  world.queues.sendBurst('refresh', warning, count);
}

/** At ClaroShop at once, in our parameter some time later, or when all is healed. */
function changePassword(world: ClaroshopWorld, account: string): void {
  const { random, scheduler } = world;
  const password = `second-password-of-${account}`;
  world.note(undefined, `the password of ${account} is changed at ClaroShop`);
  world.changePassword(account, password);
  if (random.chance(0.5)) {
    scheduler.at(scheduler.nowMs + random.between(0, MINUTE), () => world.invoke(account));
  }
  scheduler.at(scheduler.nowMs + random.between(0, 4 * MINUTE), () => {
    world.note(undefined, `the password of ${account} is changed here`);
    world.setPassword(account, password);
  });
}

async function heal(world: ClaroshopWorld): Promise<Judgement> {
  const { scheduler, weather } = world;
  world.isHealed = true;
  world.note(undefined, 'all is healed');
  await operateAll(world);
  scheduler.at(scheduler.nowMs + LEASES_OVER_MS, () => operateAll(world));
  const early: Violation[] = [];
  // Two sweeps and a retry fit into the margin, as in production.
  const everyMs = weather.lifetimes.marginSeconds * SECOND * 0.4;
  const healedMs = scheduler.nowMs;
  while (scheduler.nowMs < healedMs + RECOVERY_MS) {
    await world.sweep();
    await scheduler.runUntil(scheduler.nowMs + MINUTE);
  }
  while (scheduler.nowMs < healedMs + LAST_LOOK_MS) {
    await world.sweep();
    await scheduler.runUntil(scheduler.nowMs + everyMs);
    early.push(...judge.bundles(world));
  }
  const invoked = world.invocations.length;
  for (const account of world.accounts) {
    scheduler.at(scheduler.nowMs, () => world.invoke(account));
  }
  await scheduler.runUntil(scheduler.nowMs + MINUTE);
  const failed = world.invocations
    .slice(invoked)
    .filter(({ answer }) => answer?.statusCode !== 200);
  for (const { account } of failed)
    early.push({ kind: 'dead-after-healing', text: `${account}: 500` });
  return await judge.all(world, early);
}

async function operateAll(world: ClaroshopWorld): Promise<void> {
  for (const account of world.accounts) await operate(world, account);
}

/**
 * What operators do when all is over, and again at a later alarm: ClaroShop's unlocks the account;
 * ours writes the right password, and deletes the mark when it was the right one that a locked
 * account had refused.
 */
async function operate(world: ClaroshopWorld, account: string): Promise<void> {
  const { provider, chronicle } = world;
  const username = usernameOf(account);
  if (provider.memory(username).lockedUntil !== null) world.locked.add(account);
  provider.unlock(username);
  world.setPassword(account, world.rightPasswordOf(account));
  const refused = chronicle.refusals.findLast((it) => it.account === account);
  if (refused?.credentials !== credentialsKey(world.credentialsOf(account))) return;
  chronicle.forgotten(account);
  await world.attemptsOf(account).clearCredentialsMark();
}
