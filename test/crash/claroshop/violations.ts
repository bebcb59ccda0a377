import type { Violation } from '../flow.ts';

/** What the judge may find; each kind with its line in the report. */
export const VIOLATIONS = {
  'grant-lost': 'grants lost by our fault (c)',
  'bundle-went-back': 'bundles going back: an older grant over a newer one',
  'dead-after-healing': 'accounts without a living bundle after all was healed',
  'names-differ': 'names that differ from their bundle after all was healed',
  'name-before-bundle': 'names written before their bundle',
  'double-redeem': 'double redeems while leases hold',
  'shown-again': 'refresh tokens shown again though their successor was stored',
  'password-asked-again': 'refused passwords asked again',
  'locked-out': 'accounts that we had locked',
  'told-as-refused': 'healthy accounts told as refused',
  'wrong-mark': 'marks of refused credentials left after others were accepted',
  'missing-outcome': 'missing outcomes',
  'outcome-against-the-bundle': 'outcomes that contradict the bundle',
  'open-attempt': 'attempts left open',
  'left-in-escrow': 'grants left in escrow',
  'message-without-fate': 'messages without a fate',
  'no-answer': 'direct invocations without an answer',
  'dead-answer': 'direct invocations answered with a token that was dead or old',
  'secret-shown': 'secrets in a log line or an event',
  'unforeseen-error': 'errors that nobody foresaw',
} as const;

export type ViolationKind = keyof typeof VIOLATIONS;

export const say = (kind: ViolationKind, text: string): Violation => ({ kind, text });
