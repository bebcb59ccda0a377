import type { Configuration } from '#test/support/claroshop-provider/switches.ts';
import type { Random } from '../random.ts';
import { diceOf, type Place, type Skies, type Span, type Window } from '../skies.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** To where this flow's calls go. */
export const PLACES = [
  'parameters',
  'credentials',
  'attempts',
  'escrow',
  'bus',
  'provider',
  'wire',
] as const satisfies readonly Place[];
type ClaroshopPlace = (typeof PLACES)[number];

/** What goes wrong in one run, and how often. Each run has a mixture of its own, so that rare faults meet. */
export interface Weather extends Skies {
  readonly fail: Readonly<Record<ClaroshopPlace, number>>;
  readonly loseAnswer: Readonly<Record<ClaroshopPlace, number>>;
  readonly away: Readonly<Record<ClaroshopPlace, Window[]>>;
  readonly provider: Configuration;
  /** Life of an access token, and how long before its end it is due. */
  readonly lifetimes: { readonly accessSeconds: number; readonly marginSeconds: number };
  readonly accounts: number;
  readonly invocations: number;
  readonly wishes: number;
  /** How many equal warnings come at once, direct invocations among them. */
  readonly burst: number;
  readonly bursts: number;
  readonly sweepEveryMs: number;
  /** Probability that a sweep is started twice: schedules deliver at least once. */
  readonly twinSweep: number;
  /** How often ClaroShop's sessions are ended by an operator of its. */
  readonly signOuts: number;
  /** The password is changed at ClaroShop, and in our parameter only later. */
  readonly passwordChanges: boolean;
  /** Somebody else tries passwords until ClaroShop locks the account. */
  readonly isLockedByOthers: boolean;
  /** Probability that an answer is odd: in a wrapping, cut, or a refusal that no table knows. */
  readonly oddities: number;
  /** So many reads of a parameter say, after a change, what was there before. */
  readonly oldReads: number;
  /** From some time on the answers lack these fields. */
  readonly omitted: NonNullable<Configuration['omit']>;
}

interface Wanted {
  readonly zombies: boolean;
  /** Steps that were stopped too rarely until now: a weather that reaches them is likelier. */
  readonly hungry: readonly string[];
}

/** What leads to steps that are seldom come to, by the names of these steps. */
const REACHES = {
  passwordChange: ['refuse-credentials'],
  signOut: ['succeed', 'escrow-list'],
  omission: ['delete-name'],
  absence: ['escrow-put', 'escrow-read', 'escrow-delete', 'leave', 'take-over'],
} as const satisfies Record<string, readonly string[]>;

export function weatherOf(random: Random, span: Span, { zombies, hungry }: Wanted): Weather {
  const isWanted = (steps: readonly string[]) =>
    hungry.some((step) => steps.includes(step.split(/[/:]/)[1] ?? ''));
  const likelier = (share: number, steps: readonly string[]) => (isWanted(steps) ? 0.8 : share);
  const { isMild, sometimes, windows } = diceOf(random, span);
  const both = random.chance(0.1) ? windows(1, 90 * SECOND) : [];
  const lifetimes = random.pick([
    { accessSeconds: 300, marginSeconds: 150 },
    { accessSeconds: 120, marginSeconds: 60 },
  ]);
  return {
    stop: sometimes(0.75, 0.003, 0.05),
    pause: zombies ? random.between(0.005, 0.05) : 0,
    fail: {
      parameters: sometimes(0.5, 0.01, 0.2),
      credentials: sometimes(0.2, 0.05, 0.4),
      attempts: sometimes(0.45, 0.01, 0.2),
      escrow: sometimes(0.35, 0.05, 0.4),
      bus: sometimes(0.35, 0.05, 0.5),
      provider: sometimes(0.4, 0.02, 0.4),
      wire: sometimes(0.2, 0.02, 0.2),
    },
    loseAnswer: {
      parameters: sometimes(0.4, 0.01, 0.15),
      credentials: 0,
      attempts: sometimes(0.35, 0.01, 0.15),
      escrow: sometimes(0.3, 0.02, 0.2),
      bus: sometimes(0.3, 0.02, 0.2),
      provider: sometimes(0.3, 0.02, 0.15),
      wire: 0,
    },
    away: {
      parameters: [...windows(0.3, 2 * MINUTE), ...both],
      credentials: windows(0.1, 2 * MINUTE),
      attempts: windows(0.25, 2 * MINUTE),
      escrow: [...windows(0.2, 2 * MINUTE), ...both],
      bus: windows(0.15, 2 * MINUTE),
      provider: windows(0.25, 3 * MINUTE),
      wire: [],
    },
    awayAtAnswer: sometimes(likelier(0.5, REACHES.absence), 0.1, 0.6),
    slowRequest: sometimes(0.3, 0.02, 0.3),
    slowAnswer: sometimes(0.4, 0.02, 0.3),
    duplicate: sometimes(0.5, 0.05, 0.4),
    provider: someRealm(random, lifetimes.accessSeconds),
    lifetimes,
    accounts: random.whole(1, 3),
    invocations: random.chance(0.7) ? random.whole(1, 5) : 0,
    wishes: random.chance(0.5) ? random.whole(1, 3) : 0,
    burst: random.whole(isMild ? 6 : 4, 8),
    bursts: isMild ? random.whole(2, 4) : random.chance(0.4) ? random.whole(1, 2) : 0,
    // After healing two sweeps and a retry fit into the margin, as in production.
    sweepEveryMs: lifetimes.marginSeconds * SECOND * random.pick([0.15, 0.4, 0.4]),
    twinSweep: sometimes(0.3, 0.05, 0.3),
    signOuts: random.chance(likelier(0.4, REACHES.signOut)) ? random.whole(1, 2) : 0,
    passwordChanges: random.chance(likelier(0.3, REACHES.passwordChange)),
    isLockedByOthers: random.chance(0.05),
    oddities: sometimes(0.5, 0.05, 0.4),
    oldReads: random.chance(0.6) ? random.whole(1, 4) : 0,
    omitted: random.chance(likelier(0.3, REACHES.omission))
      ? random.pick([
          ['scope'],
          ['session_state'],
          ['refresh_token'],
          ['scope', 'not-before-policy'],
        ])
      : [],
  };
}

/** Short tokens: they are looked for in all that is logged. */
function someRealm(random: Random, accessSeconds: number): Configuration {
  return {
    ...{ accessSeconds, accessTokenLength: 180, refreshTokenLength: 180 },
    revokeRefreshToken: random.chance(0.6),
    refreshTokenMaxReuse: random.chance(0.2) ? 1 : 0,
    issuesRefreshTokens: !random.chance(0.1),
    sessionIdleSeconds: random.pick([accessSeconds, 1_800]),
    sessionMaxSeconds: random.pick([2 * accessSeconds, 36_000]),
    invalidCredentialsStatus: random.pick([400, 401]),
  };
}
