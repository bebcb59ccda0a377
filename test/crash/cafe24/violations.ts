import type { Violation } from '../flow.ts';

/** What the judge may find; each kind with its line in the report. */
export const VIOLATIONS = {
  'grant-lost': 'grants lost by our fault (c)',
  'wrong-mark': 'wrong marks: a healthy mall is marked',
  'dead-but-not-marked': 'dead grants that are not marked',
  'wrong-reason': 'marks whose reason is wrong',
  'not-refreshed-after-healing': 'malls that nobody refreshed after all was healed',
  'double-redeem': 'double redeems while leases hold',
  'version-went-back': 'versions going back',
  'stuck-code': 'stuck codes',
  'code-lost': 'codes that a page called received, and that are not stored',
  'state-spent-twice': 'states that brought more than one code',
  'state-spent-in-vain': 'states that were spent though no code of theirs was stored',
  'announced-again': 'codes announced again though confirmed, or under another id',
  'missing-outcome': 'missing outcomes',
  'outcome-against-the-row': 'outcomes that contradict the row',
  'open-attempt': 'attempts left open',
  'left-in-escrow': 'grants left in escrow',
  'message-without-fate': 'messages without a fate',
  'secret-shown': 'secrets in a log line or an event',
  'unforeseen-error': 'errors that nobody foresaw',
} as const;

export type ViolationKind = keyof typeof VIOLATIONS;

export const say = (kind: ViolationKind, text: string): Violation => ({ kind, text });
