import { randomUUID } from 'node:crypto';
import type { Dependencies as Exchange } from '#functions/exchange-cafe24-code/dependencies.ts';
import { exchangeCafe24Code } from '#functions/exchange-cafe24-code/exchange-cafe24-code.ts';
import {
  postgresStores,
  type Dependencies as Recover,
} from '#functions/recover-cafe24-grants/dependencies.ts';
import {
  recoverCafe24Grants,
  type Recovered,
} from '#functions/recover-cafe24-grants/recover-cafe24-grants.ts';
import type { Dependencies as Refresh } from '#functions/refresh-cafe24-token/dependencies.ts';
import { refreshCafe24Token } from '#functions/refresh-cafe24-token/refresh-cafe24-token.ts';
import { warnCafe24Expiry, type Sweep } from '#functions/warn-cafe24-expiry/warn-cafe24-expiry.ts';
import type { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import { systemClock, type Deadline } from '#shared/clock.ts';
import type { Escrow, OutcomeEvent, Provider } from '#shared/grants/ports.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import type { OncePerKey } from '#shared/once-per-key.ts';
import { postgresAttempts } from '#shared/postgres/attempts.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import type { Database } from '#shared/postgres/database.ts';
import { postgresExchangedTokens } from '#shared/postgres/exchanged-tokens.ts';
import { postgresRefreshAttempts } from '#shared/postgres/refresh-attempts.ts';
import { postgresRefreshedTokens } from '#shared/postgres/refreshed-tokens.ts';
import { postgresRemains } from '#shared/postgres/remains.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import { recordingLog, type RecordingLog } from './recording-log.ts';

/** What one process works with; each part may be replaced by one that fails. */
export interface Parts {
  readonly database: Database;
  readonly provider: Provider<Cafe24Ticket, Cafe24Grant>;
  readonly escrow: Escrow<Cafe24Grant>;
  readonly bus: OutcomePublisher;
  readonly deadline: Deadline;
  readonly redirectUri?: string;
  /** Of every message; without it, each has one of its own. */
  readonly correlationId?: string;
  /** Ours; without it, every grant is. */
  readonly clientId?: string | undefined;
}

/** The Cafe24 functions on a real database, without queue and bus between them. */
export interface Cafe24Pipeline {
  readonly log: RecordingLog;
  exchange(detail: AuthorizationCodeArrived, publishedAt?: Date): Promise<string>;
  refresh(detail: Cafe24ExpiryWarning): Promise<string>;
  /** @returns what was announced. */
  warn(): Promise<Sweep & { readonly warnings: readonly Cafe24ExpiryWarning[] }>;
  recover(): Promise<Recovered>;
}

/** Each call is an invocation of its own. */
const workEach: OncePerKey = (_key, work) => work();

export function cafe24Pipeline(parts: Parts): Cafe24Pipeline {
  const { database, provider, escrow, bus, deadline } = parts;
  const log = recordingLog();
  const common = { provider, bus, clock: systemClock, newId: randomUUID, once: workEach };
  const pause = () => Promise.resolve();
  const exchange: Exchange = {
    ...common,
    malls: { has: () => true } as unknown as ReadonlySet<string>,
    redirectUri: parts.redirectUri ?? 'https://tokenline.example/cafe24/callback',
    codes: postgresAuthorizationCodes(database),
    attempts: postgresAttempts(database),
    stores: { tokens: postgresExchangedTokens(database), escrow, pause },
  };
  const refresh: Refresh = {
    ...common,
    attempts: postgresRefreshAttempts(database, undefined, parts.clientId),
    stores: { tokens: postgresRefreshedTokens(database), escrow, pause },
  };
  const recover: Recover = {
    ...common,
    ...postgresStores(database),
    remains: postgresRemains(database),
    escrow,
    log,
  };
  const messageOf = <Detail>(detail: Detail, publishedAt: Date) => {
    const messageId = randomUUID();
    const id = parts.correlationId ?? messageId;
    return {
      ...{ detail, publishedAt, messageId, receiveCount: 1 },
      ...{ correlationId: id, causationId: id },
    };
  };
  const context = { log, deadline };
  return {
    log,
    exchange: (detail, publishedAt = new Date()) =>
      exchangeCafe24Code({
        message: messageOf(detail, publishedAt),
        context,
        dependencies: exchange,
      }),
    refresh: (detail) =>
      refreshCafe24Token({
        message: messageOf(detail, new Date()),
        context,
        dependencies: refresh,
      }),
    warn: async () => {
      const events: OutcomeEvent[] = [];
      const sweep = await warnCafe24Expiry(deadline, {
        schedule: postgresSchedule(database, parts.clientId),
        bus: { publishAll: (all) => Promise.resolve(void events.push(...all)) },
        metrics: { gauge: () => undefined },
        newId: randomUUID,
        clock: systemClock,
      });
      return { ...sweep, warnings: events.map(({ detail }) => detail as Cafe24ExpiryWarning) };
    },
    recover: () => recoverCafe24Grants(deadline, recover),
  };
}
