import { expect } from 'vitest';
import { eventIdOf, type ClaroshopWorld } from './claroshop-world.ts';

/** Enough for the longest rest (5 min) and a sweep after it. */
const MINUTES_UNTIL_ALL_IS_WELL = 8;

/** Minutes go by, at least one, until nothing is left to do. */
export async function untilAllIsWell(world: ClaroshopWorld): Promise<void> {
  for (let minute = 0; minute < MINUTES_UNTIL_ALL_IS_WELL; minute++) {
    await world.minutes(1);
    const { bundle } = await world.bundle();
    const { open, rest, hasUnpublished } = await world.attempts.standing();
    const isIdle = open === undefined && rest === undefined && !hasUnpublished;
    const leftMs = bundle && Date.parse(bundle.expires_at) - world.clock.now().getTime();
    if (isIdle && leftMs !== undefined && leftMs > 150_000) return;
  }
}

/** One bundle that lives, its names, its outcomes, and nothing that is left to do. */
export async function expectAllIsWell(world: ClaroshopWorld, where: string): Promise<void> {
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
