import { cleaned } from '#events/text.ts';
import type { GrantToSave, OutcomeEvent } from '../grants/ports.ts';
import type { Cafe24Grant } from './grant.ts';

/**
 * The event without a text of others: what led to it is named by the attempt's own id, and whatever
 * else somebody wrote into it (scopes, a reason) is cleaned.
 */
export function eventInOwnWords({ detailType, detail }: OutcomeEvent, attemptId: string) {
  const ours = { correlationId: attemptId, causationId: attemptId };
  const { metadata, ...rest } = detail;
  const named = { ...rest, metadata: { ...toRecord(metadata), ...ours } };
  return { detailType, detail: toRecord(withoutStrangeText(named)) };
}

/**
 * What must be stored of a grant, whatever else came with it: tokens and times to the letter, the
 * client, the scopes cleaned. Who authorized it is left out: a row that knows keeps what it knows.
 */
export function grantInOwnWords(
  { grant, event }: GrantToSave<Cafe24Grant>,
  attemptId: string,
): GrantToSave<Cafe24Grant> {
  return {
    grant: {
      ...grant,
      clientId: grant.clientId === undefined ? undefined : cleaned(grant.clientId),
      userId: undefined,
      scopes: grant.scopes.map(cleaned),
      tokenType: 'Bearer',
    },
    event: eventInOwnWords(event, attemptId),
  };
}

function withoutStrangeText(value: unknown): unknown {
  if (typeof value === 'string') return cleaned(value);
  if (Array.isArray(value)) return value.map(withoutStrangeText);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, it]) => [name, withoutStrangeText(it)] as const);
  return Object.fromEntries(fields);
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
