import { PLACES, type Weather } from './weather.ts';
import type { Ablation } from './pipeline.ts';
import type { ViolationKind } from './violations.ts';
import type { ClaroshopWorld } from './world.ts';

/** An ablation with what the judge must say of it, and nothing else. */
export interface Fault extends Ablation {
  readonly kind: ViolationKind;
  /** Stands in what it says: of several checks of one kind, which one fired. */
  readonly text: string;
}

/** Nothing fails; one account, whose grant is refreshed by the sweep alone. */
export function calm(weather: Weather): Weather {
  const ofPlaces = <Value>(value: () => Value) =>
    Object.fromEntries(PLACES.map((place) => [place, value()])) as Record<
      (typeof PLACES)[number],
      Value
    >;
  return {
    ...weather,
    ...{ stop: 0, pause: 0, awayAtAnswer: 0, slowRequest: 0, slowAnswer: 0, duplicate: 0 },
    fail: ofPlaces(() => 0),
    loseAnswer: ofPlaces(() => 0),
    away: ofPlaces(() => []),
    ...{
      twinSweep: 0,
      oddities: 0,
      oldReads: 0,
      accounts: 1,
      invocations: 0,
      wishes: 0,
      bursts: 0,
      signOuts: 0,
    },
    ...{ passwordChanges: false, isLockedByOthers: false, omitted: [] },
    lifetimes: { accessSeconds: 120, marginSeconds: 60 },
    sweepEveryMs: 24_000,
    provider: { ...weather.provider, ...USUAL_REALM },
  };
}

const USUAL_REALM = {
  ...{ accessSeconds: 120, sessionIdleSeconds: 1_800, sessionMaxSeconds: 36_000 },
  ...{ revokeRefreshToken: true, refreshTokenMaxReuse: 0, issuesRefreshTokens: true },
};

/** The provider answers nobody before all is healed. */
export function withoutProvider(weather: Weather): Weather {
  const { away } = calm(weather);
  return { ...calm(weather), away: { ...away, provider: [{ fromMs: 0, untilMs: Infinity }] } };
}

/** In the middle of the time in which things may fail. */
const MIDDLE_MS = 90_000;

export function everyAccount(
  act: (world: ClaroshopWorld, account: string) => unknown,
  afterHealingMs = -MIDDLE_MS,
): NonNullable<Ablation['plant']> {
  return (world, healMs) => {
    world.scheduler.at(healMs + afterHealingMs, async () => {
      for (const account of world.accounts) await act(world, account);
    });
  };
}
