import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { exchangeWorker } from '#functions/exchange-cafe24-code/worker.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import { systemClock } from '#shared/clock.ts';
import type { Escrow, Provider } from '#shared/grants/ports.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import { oncePerKey } from '#shared/once-per-key.ts';
import { postgresAttempts } from '#shared/postgres/attempts.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import type { Database } from '#shared/postgres/database.ts';
import { postgresExchangedTokens } from '#shared/postgres/exchanged-tokens.ts';
import type { QueueMessages } from '#shared/sqs/queue-messages.ts';
import { recordingLog, type RecordingLog } from './recording-log.ts';
import { lambdaContext } from './lambda-context.ts';
import { sqsRecord, type RecordFields } from './sqs-records.ts';

/** What an invocation works with; each part may be one that fails. */
export interface HandlerParts {
  readonly database: Database;
  readonly provider: Provider<Cafe24Ticket, Cafe24Grant>;
  readonly escrow: Escrow<Cafe24Grant>;
  readonly bus: OutcomePublisher;
  readonly queue: QueueMessages;
  readonly redirectUri?: string;
  /** All malls without it. */
  readonly malls?: ReadonlySet<string> | undefined;
}

/** The function's real handler on these parts: it is given records, as Lambda does. */
export interface ExchangeHandler {
  readonly log: RecordingLog;
  /** @returns the ids of the messages that stay in the queue. */
  readonly invoke: (records: readonly SQSRecord[], lifeMs?: number) => Promise<readonly string[]>;
}

export function exchangeHandler(parts: HandlerParts): ExchangeHandler {
  const { database, provider, escrow, bus, queue } = parts;
  const log = recordingLog();
  const handle = exchangeWorker(
    () => ({
      malls: parts.malls ?? ({ has: () => true } as unknown as ReadonlySet<string>),
      redirectUri: parts.redirectUri ?? 'https://tokenline.example/cafe24/callback',
      codes: postgresAuthorizationCodes(database),
      attempts: postgresAttempts(database),
      stores: { tokens: postgresExchangedTokens(database), escrow, pause },
      ...{ provider, bus },
      once: oncePerKey(),
      clock: systemClock,
      newId: randomUUID,
    }),
    { queue, clock: systemClock, log, random: () => 0 },
  );
  return {
    log,
    invoke: async (records, lifeMs = 20_000) => {
      const endMs = performance.now() + lifeMs;
      const context = lambdaContext(() => endMs - performance.now());
      const answer = await handle({ Records: [...records] }, context);
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}

/** A record that announces a code. */
export function codeRecord(detail: object, fields: Partial<RecordFields> = {}): SQSRecord {
  return sqsRecord({ body: detail, ...fields });
}
