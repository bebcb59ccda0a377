import { settings as obtain } from '#functions/obtain-claroshop-token/settings.ts';
import { settings as refresh } from '#functions/refresh-claroshop-token/settings.ts';
import { settings as warn } from '#functions/warn-claroshop-expiry/settings.ts';
import type { Consuming } from '../queues.ts';

/** The function behind a queue, as the infrastructure sets it up. */
export const CONSUMERS = {
  refresh: {
    lifeMs: refresh.timeoutSeconds * 1_000,
    visibilityMs: 6 * refresh.timeoutSeconds * 1_000,
    retry: refresh.retry,
  },
} as const satisfies Record<string, Consuming>;

/** Processes of the functions that are invoked live so long. */
export const LIFE_MS = {
  warn: warn.timeoutSeconds * 1_000,
  obtain: obtain.timeoutSeconds * 1_000,
} as const;
