import type { Configuration } from '#test/support/cafe24-provider/switches.ts';
import type { Random } from '../random.ts';
import { odditiesOf, type Oddities } from './oddities.ts';
import { diceOf, type Skies, type Span, type Window } from '../skies.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Cafe24Place = 'database' | 'escrow' | 'bus' | 'provider' | 'wire';

/** What goes wrong in one run, and how often. Each run has a mixture of its own, so that rare faults meet. */
export interface Weather extends Skies {
  readonly fail: Readonly<Record<Cafe24Place, number>>;
  readonly loseAnswer: Readonly<Record<Cafe24Place, number>>;
  readonly away: Readonly<Record<Cafe24Place, Window[]>>;
  readonly provider: Configuration;
  readonly odd: Oddities;
  readonly malls: number;
  readonly authorizations: number;
  readonly wishes: number;
  /** How many equal warnings come at once. */
  readonly burst: number;
  readonly bursts: number;
  /** Clients and admins come at the same time. */
  readonly isRush: boolean;
  /** How often the sweeps run, which is also how often they overlap. */
  readonly sweepEveryMs: number;
  /** Probability that a sweep is started twice: schedules deliver at least once. */
  readonly twinSweep: number;
  /** Probability that a stored code is not announced: who stored it has died. */
  readonly unannounced: number;
  readonly isRevokedByMall: boolean;
  /** Share of the authorizations that come through our own pages. */
  readonly inBrowser: number;
  /** Probability that a browser comes back twice, with two codes for one state. */
  readonly replay: number;
  /** The schedule of `announce-cafe24-codes` is on, which it is not by default. */
  readonly isAnnounced: boolean;
}

/** Steps that recovery comes to only when its runs overlap at a code that is too old. */
const OVERLAP_REACHES: readonly string[] = ['recover/why-not'];

export interface Wanted {
  readonly zombies: boolean;
  /** Steps that were stopped too rarely until now: a weather that reaches them is likelier. */
  readonly hungry: readonly string[];
}

/** How often a run has the weather in which the escrow carries almost every grant. */
const ESCROW_WEATHER = 0.08;

export function weatherOf(random: Random, span: Span, wanted: Wanted): Weather {
  const weather = mixedWeather(random, span, wanted);
  return random.fork(2).chance(ESCROW_WEATHER) ? underEscrow(weather) : weather;
}

/**
 * The database is away whenever a grant has arrived, and who would install it from the escrow dies
 * or can't read it, while clients go on asking. In a mixture of all faults this meeting is too rare.
 */
export function underEscrow(weather: Weather): Weather {
  const never = { database: 0, escrow: 0, bus: 0, provider: 0, wire: 0 };
  const nowhere = { database: [], escrow: [], bus: [], provider: [], wire: [] };
  return {
    ...weather,
    ...{ stop: 0.02, fail: { ...never, escrow: 0.3 }, loseAnswer: never, away: nowhere },
    ...{ awayAtAnswer: 1, slowRequest: 0, slowAnswer: 0, isRevokedByMall: false },
    ...{ bursts: 4, burst: 3, wishes: 6, sweepEveryMs: 100 * SECOND },
  };
}

function mixedWeather(random: Random, span: Span, { zombies, hungry }: Wanted): Weather {
  const { isMild, sometimes, windows } = diceOf(random, span);
  const isOverlap = hungry.some((step) => OVERLAP_REACHES.includes(step));
  const isHungryFor = (role: string) => hungry.some((step) => step.startsWith(`${role}/`));
  const isBrowsed = isHungryFor('authorize') || isHungryFor('receive');
  // Draws of their own: they move no other.
  const later = random.fork(4);
  const isAnnounced = later.chance(isHungryFor('announce') ? 0.5 : 0.15);
  const both = random.chance(0.1) ? windows(1, 90 * SECOND) : [];
  return {
    stop: sometimes(0.75, 0.003, 0.05),
    pause: zombies ? random.between(0.005, 0.05) : 0,
    fail: {
      database: sometimes(0.5, 0.01, 0.2),
      escrow: sometimes(0.35, 0.05, 0.4),
      bus: sometimes(0.35, 0.05, 0.5),
      provider: sometimes(0.4, 0.02, 0.4),
      wire: sometimes(0.2, 0.02, 0.2),
    },
    loseAnswer: {
      database: sometimes(0.4, 0.01, 0.15),
      escrow: sometimes(0.3, 0.02, 0.2),
      bus: sometimes(0.3, 0.02, 0.2),
      provider: sometimes(0.3, 0.02, 0.15),
      wire: 0,
    },
    away: {
      database: [...windows(0.35, 2 * MINUTE), ...both],
      escrow: [...windows(0.2, 2 * MINUTE), ...both],
      bus: windows(0.15, 2 * MINUTE),
      provider: windows(0.25, 3 * MINUTE),
      wire: [],
    },
    awayAtAnswer: sometimes(0.5, 0.1, 0.6),
    slowRequest: sometimes(0.3, 0.02, 0.3),
    slowAnswer: sometimes(0.4, 0.02, 0.3),
    duplicate: sometimes(0.5, 0.05, 0.4),
    provider: {
      accessSeconds: 300,
      reuseRevokesFamily: random.chance(0.6),
      codeReuseRevokesIssued: random.chance(0.5),
      newAuthorizationRevokesOldFamilies: random.chance(0.5),
      graceSeconds: random.chance(0.2) ? 20 : 0,
      graceSuccessor: random.pick(['same', 'new']),
    },
    odd: odditiesOf(random.fork(5)),
    malls: random.whole(1, 3),
    isRush: random.chance(0.35),
    sweepEveryMs: (isOverlap ? 100 : random.pick([20, 60, 60])) * SECOND,
    twinSweep: isOverlap ? 0.9 : sometimes(0.3, 0.05, 0.3),
    unannounced: isOverlap || isAnnounced ? 0.6 : 0.1,
    authorizations:
      isOverlap || isAnnounced || random.chance(isMild ? 0.2 : 0.6) ? random.whole(1, 5) : 0,
    wishes: random.chance(0.5) ? random.whole(1, 3) : 0,
    burst: random.whole(isMild ? 6 : 4, 8),
    bursts: isMild ? random.whole(2, 4) : random.chance(0.4) ? random.whole(1, 2) : 0,
    isRevokedByMall: random.chance(0.05),
    inBrowser: isBrowsed && later.chance(0.5) ? 0.9 : 0.4,
    replay: later.chance(0.3) ? 0.5 : 0,
    isAnnounced,
  };
}
