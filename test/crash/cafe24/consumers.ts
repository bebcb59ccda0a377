import { settings as announce } from '#functions/announce-cafe24-codes/settings.ts';
import { settings as exchange } from '#functions/exchange-cafe24-code/settings.ts';
import { settings as refresh } from '#functions/refresh-cafe24-token/settings.ts';
import { settings as receive } from '#functions/receive-cafe24-code/settings.ts';
import { settings as authorize } from '#functions/start-cafe24-authorization/settings.ts';
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

/** How long the processes of functions live that nobody queues for. */
export const LIFE_MS = {
  authorize: authorize.timeoutSeconds * 1_000,
  receive: receive.timeoutSeconds * 1_000,
  announce: announce.timeoutSeconds * 1_000,
} as const;
