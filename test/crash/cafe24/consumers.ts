import { settings as exchange } from '#functions/exchange-cafe24-code/settings.ts';
import { settings as refresh } from '#functions/refresh-cafe24-token/settings.ts';
import type { Consuming } from '../queues.ts';

/** The functions behind queues, as the infrastructure sets them up. */
export const CONSUMERS = {
  exchange: {
    lifeMs: exchange.timeoutSeconds * 1_000,
    visibilityMs: exchange.visibilityTimeoutSeconds * 1_000,
    retry: exchange.retry,
  },
  refresh: {
    lifeMs: refresh.timeoutSeconds * 1_000,
    visibilityMs: 6 * refresh.timeoutSeconds * 1_000,
    retry: refresh.retry,
  },
} as const satisfies Record<string, Consuming>;
