import { cafe24Losses, cafe24Oddities } from '#test/support/cafe24-provider/oddities.ts';
import type { Configuration } from '#test/support/cafe24-provider/switches.ts';
import { unknownWordings } from '#test/support/cafe24-provider/wordings.ts';
import { refusalFault } from '#test/support/scripted-provider/wordings.ts';
import type { Fault } from '#test/support/scripted-provider/wire-switches.ts';
import type { Random } from '../random.ts';

/** What is odd in one run, and no fault: answers, refusals and texts as the real world has them. */
export interface Oddities {
  /** How the provider writes what it grants, and words what it refuses. */
  readonly wording: Configuration;
  /** Probability that a request is refused in words that nobody knows. */
  readonly unknownRefusals: number;
  /** Probability that an answer spends what it was asked with and brings no grant that may be kept. */
  readonly losses: number;
  /** What publishers call the cause of a warning. */
  readonly correlationId: string | undefined;
}

export const NOTHING_ODD: Oddities = {
  wording: {},
  unknownRefusals: 0,
  losses: 0,
  correlationId: undefined,
};

/** No store keeps the last two. */
const CAUSES = [undefined, undefined, 'job 17', 'job \ud83d', 'run-\0'];

export function odditiesOf(random: Random): Oddities {
  const odd = random.pick(Object.values<Configuration>(cafe24Oddities));
  return {
    wording: { ...wordsOfRefusals(random), ...(random.chance(0.6) ? odd : {}) },
    unknownRefusals: random.chance(0.3) ? random.between(0.02, 0.3) : 0,
    correlationId: random.pick(CAUSES),
    losses: random.chance(0.25) ? random.between(0.02, 0.2) : 0,
  };
}

export function unknownRefusal(random: Random): Fault {
  return refusalFault(random.pick(unknownWordings));
}

export function someLoss(random: Random): Configuration {
  return random.pick(Object.values<Configuration>(cafe24Losses));
}

/** Every status and error that Cafe24 was seen to say of a dead token or code. */
function wordsOfRefusals(random: Random): Configuration {
  const error = ['invalid_grant', 'invalid_client', 'invalid_request'] as const;
  const refusal = () => ({ status: random.pick([400, 401] as const), error: random.pick(error) });
  return { deadRefreshToken: refusal(), deadCode: refusal() };
}
