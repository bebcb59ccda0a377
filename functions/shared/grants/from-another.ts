import type { Clock } from '../clock.ts';

const MINUTE_MS = 60_000;

/** Each minute begins with another one: the first, should it take all the time, takes it once. */
export function fromAnother<Item>(items: readonly Item[], clock: Clock): readonly Item[] {
  const first = Math.floor(clock().getTime() / MINUTE_MS) % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}
