import { atTime } from './crash-database.ts';
import type { Ablation } from './ablation.ts';
import { NOTHING_ODD } from './oddities.ts';
import type { ViolationKind } from './violations.ts';
import type { Weather } from './weather.ts';
import type { Cafe24World } from './world.ts';

/** An ablation with what the judge must say of it, and nothing else. */
export interface Fault extends Ablation {
  readonly kind: ViolationKind;
  /** Stands in what it says: of several checks of one kind, which one fired. */
  readonly text: string;
}

/** Nothing fails; one mall, whose grant is refreshed by the sweep alone. */
export function calm(weather: Weather): Weather {
  const never = { database: 0, escrow: 0, bus: 0, provider: 0, wire: 0 };
  const nowhere = { database: [], escrow: [], bus: [], provider: [], wire: [] };
  return {
    ...weather,
    ...{ stop: 0, pause: 0, fail: never, loseAnswer: never, away: nowhere, awayAtAnswer: 0 },
    ...{ slowRequest: 0, slowAnswer: 0, duplicate: 0, twinSweep: 0 },
    ...{ malls: 1, authorizations: 0, wishes: 0, bursts: 0, isRevokedByMall: false },
    ...{ replay: 0, isAnnounced: false, odd: NOTHING_ODD },
    provider: { ...weather.provider, accessSeconds: 300, graceSeconds: 0 },
  };
}

/** In the middle of the time in which things may fail. */
const MIDDLE_MS = 90_000;
/** A browser has come back by then, and nobody recovers its code yet. */
const SOON_MS = 9_000;
/** All is healed, the early look at marks is over, and the last refresh is still to come. */
const AFTER_EARLY_LOOK_MS = 720_000;

export function whileFailing(act: (world: Cafe24World) => void): NonNullable<Ablation['plant']> {
  return (world, healMs) => {
    world.scheduler.at(healMs - MIDDLE_MS, () => {
      act(world);
    });
  };
}

export function everyMall(
  act: (world: Cafe24World, mallId: string) => void,
): Ablation['plant'] & {} {
  return whileFailing((world) => {
    for (const mallId of world.malls) act(world, mallId);
  });
}

/** SQL that somebody runs by hand. */
export function byHand(
  text: string,
  when:
    'while failing' | 'soon after' | 'before healing' | 'after the early look' = 'while failing',
): NonNullable<Ablation['plant']> {
  return (world, healMs) => {
    const atMs = {
      'while failing': healMs - MIDDLE_MS,
      'soon after': healMs - MIDDLE_MS + SOON_MS,
      'before healing': healMs - 1,
      'after the early look': healMs + AFTER_EARLY_LOOK_MS,
    }[when];
    world.scheduler.at(atMs, () => world.database.sql(atTime(atMs, text)));
  };
}
