import { EVENTS } from '#events/index.ts';
import { firstOf } from '#events/problems.ts';
import { OwnError } from '../errors.ts';
import type { OutcomeEvent } from '../grants/ports.ts';

const SOURCE = 'tokenline';

/** One event as PutEvents takes it. */
export interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/**
 * Why consumers would reject the event, e.g. `mallId: expected a mall id`; `undefined`: they would not.
 * For who publishes many at once: one that can't be told must not keep the others.
 */
export function problemOf({ detailType, detail }: OutcomeEvent): string | undefined {
  const definition = EVENTS.find((event) => event.detailType === detailType);
  if (definition === undefined) return `${detailType} is no event of tokenline`;
  const checked = definition.schema.safeParse(detail);
  if (checked.success) return undefined;
  return checked.error.issues
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .join(': ');
}

/**
 * @throws Error the event is not what `events/` promises: that is a bug, and it must not reach
 *   consumers. It names the fields, and quotes none.
 */
export function eventToEntry({ detailType, detail }: OutcomeEvent, busName: string): Entry {
  const definition = EVENTS.find((event) => event.detailType === detailType);
  if (definition === undefined) throw new OwnError(`${detailType} is no event of tokenline.`);
  const checked = definition.schema.safeParse(detail);
  if (!checked.success) {
    const { first } = firstOf(checked.error.issues);
    const fields = first.map(({ path }) => path.join('.')).join(', ');
    throw new OwnError(`${detailType} is not what events/ promises: ${fields}.`);
  }
  return {
    EventBusName: busName,
    Source: SOURCE,
    DetailType: detailType,
    Detail: JSON.stringify(checked.data),
  };
}
