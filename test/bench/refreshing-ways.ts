import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import { refreshWorker } from '#functions/refresh-cafe24-token/worker.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import { systemClock } from '#shared/clock.ts';
import { gatheredOutcomes } from '#shared/eventbridge/gathered-outcomes.ts';
import type { Provider } from '#shared/grants/ports.ts';
import { oncePerKey } from '#shared/once-per-key.ts';
import { postgresRefreshAttempts } from '#shared/postgres/refresh-attempts.ts';
import { postgresRefreshedTokens } from '#shared/postgres/refreshed-tokens.ts';
import { parseMessage } from '#shared/sqs/message.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';
import { recordingLog } from '#test/support/recording-log.ts';

export type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

export interface Surroundings {
  readonly test: TestDatabase;
  readonly provider: Provider<Cafe24Ticket, Cafe24Grant>;
  readonly events: EventBridgeClient;
}

const BUS = 'tokenline';

/** The worker as it is deployed: the attempt protocol around each POST. */
export function asDeployed({ test, provider, events }: Surroundings): Handler {
  return refreshWorker(
    () => ({
      attempts: postgresRefreshAttempts(test.database),
      stores: {
        tokens: postgresRefreshedTokens(test.database),
        escrow: inMemoryEscrow<Cafe24Grant>(),
        pause,
      },
      provider,
      bus: gatheredOutcomes(events, BUS),
      once: oncePerKey(),
      clock: systemClock,
      newId: randomUUID,
    }),
    { queue: fakeQueueMessages(), clock: systemClock, log: recordingLog(), random: Math.random },
  );
}

/** What one writes first: read the row, POST, write the row, publish; nothing guards the grant. */
export function plain(surroundings: Surroundings): Handler {
  return (event) =>
    processPartialResponse(
      event,
      (record: SQSRecord) => refreshPlainly(record, surroundings),
      new BatchProcessor(EventType.SQS),
      { throwOnFullBatchFailure: false },
    );
}

async function refreshPlainly(record: SQSRecord, { test, provider, events }: Surroundings) {
  const { mallId } = parseMessage(record, Cafe24ExpiryWarning).message.detail;
  const [row] = await test.sql('select refresh_token from cafe24.oauth_tokens where mall_id = $1', [
    mallId,
  ]);
  const form = { grant_type: 'refresh_token', refresh_token: String(row?.['refresh_token']) };
  const redeemed = await provider.redeem({ mallId, form }, 50_000);
  if (redeemed.kind !== 'granted') throw new Error('no grant');
  const { accessToken, refreshToken, expiresAt } = redeemed.grant;
  await test.sql(
    `update cafe24.oauth_tokens
        set access_token = $2, refresh_token = $3, expires_at = $4, updated_at = now()
      where mall_id = $1`,
    [mallId, accessToken, refreshToken, expiresAt],
  );
  const Detail = JSON.stringify({ provider: 'cafe24', mallId });
  const entry = { EventBusName: BUS, Source: 'tokenline', DetailType: 'TokenRefreshed', Detail };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
}
