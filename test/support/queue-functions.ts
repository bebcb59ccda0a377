import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { EventDefinition } from '#events/define-event.ts';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { Cafe24ExpiryWarning, ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import { exchangeWorker } from '#functions/exchange-cafe24-code/worker.ts';
import { slaErrorsWorker } from '#functions/record-sla-errors/worker.ts';
import { refreshWorker } from '#functions/refresh-cafe24-token/worker.ts';
import { refreshClaroshopToken } from '#functions/refresh-claroshop-token/refresh-claroshop-token.ts';
import { settings as claroshop } from '#functions/refresh-claroshop-token/settings.ts';
import { eventToEntry } from '#shared/eventbridge/entry.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { oncePerKey } from '#shared/once-per-key.ts';
import { queueWorker, type QueueWorkerDependencies } from '#shared/sqs/worker.ts';
import { someGrant } from './cafe24-world.ts';
import { ClaroshopWorld } from './claroshop/claroshop-world.ts';
import { inMemoryStores } from './claroshop/in-memory-stores.ts';
import { inMemoryEscrow } from './in-memory-escrow.ts';
import { inMemorySlaBreaches } from './in-memory-sla-breaches.ts';
import { inMemoryWorld } from './in-memory-world.ts';

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** A function that consumes a queue, as it is deployed but for its stores and providers. */
export interface QueueFunction {
  readonly event: EventDefinition<object>;
  /** The detail of a message that it can do; each is another's. */
  readonly healthy: (serial: number) => object;
  /** @param told every event that it puts on the bus, after the check that guards the real one. */
  readonly open: (queue: QueueWorkerDependencies, told: OutcomeEvent[]) => Handler;
}

const MALLS = ['demo-mall', ...Array.from({ length: 20 }, (_, at) => `mall-${String(at)}`)];
const FILE = { folder: 'C:\\in', sla: 60, creationDate: '2024-06-15T19:25:25Z' };

function busInto(told: OutcomeEvent[]) {
  return {
    publish: async (event: OutcomeEvent) => {
      await Promise.resolve();
      eventToEntry(event, 'bus');
      told.push(event);
    },
  };
}

const grantsOfCafe24 = ({ clock }: QueueWorkerDependencies, told: OutcomeEvent[]) => {
  const world = inMemoryWorld(clock);
  let serial = 0;
  return {
    world,
    malls: new Set(MALLS),
    redirectUri: 'https://tokenline.example/callback',
    stores: {
      tokens: world.tokens,
      escrow: inMemoryEscrow<never>(),
      pause: () => Promise.resolve(),
    },
    provider: {
      redeem: ({ mallId }: { readonly mallId: string }) =>
        Promise.resolve({ kind: 'granted', grant: someGrant(mallId) } as const),
    },
    bus: busInto(told),
    once: oncePerKey(),
    clock,
    newId: () => `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`,
  };
};

/** All functions that consume a queue, by name. */
export const QUEUE_FUNCTIONS: Readonly<Record<string, QueueFunction>> = {
  'exchange-cafe24-code': {
    event: AuthorizationCodeArrived,
    healthy: (serial) => ({ mallId: `mall-${String(serial)}`, code: `code-${String(serial)}` }),
    open: (queue, told) => {
      const { world, ...grants } = grantsOfCafe24(queue, told);
      return exchangeWorker(() => ({ ...world, ...grants }), queue);
    },
  },
  'refresh-cafe24-token': {
    event: Cafe24ExpiryWarning,
    healthy: (serial) => ({ provider: 'cafe24', mallId: `mall-${String(serial)}`, version: 1 }),
    open: (queue, told) => {
      const { world, ...grants } = grantsOfCafe24(queue, told);
      const attempts = {
        ...world.attempts,
        begin: () => Promise.resolve({ kind: 'not-needed', because: 'no-grant' } as const),
        wish: () => Promise.resolve(),
        attemptsOf: () => Promise.resolve([]),
        refuse: () => Promise.reject(new Error('Nothing was begun.')),
      };
      return refreshWorker(() => ({ ...grants, attempts }), queue);
    },
  },
  'refresh-claroshop-token': {
    event: ClaroshopExpiryWarning,
    healthy: () => ({ provider: 'claroshop' }),
    open: (queue, told) => {
      const world = new ClaroshopWorld(inMemoryStores().storesOf, 'default');
      const grants = { ...world.process().grants, bus: busInto(told) };
      const dependencies = { accounts: ['default'], grants };
      return queueWorker(
        {
          event: ClaroshopExpiryWarning,
          retry: claroshop.retry,
          timeToStartMs: 1_000,
          work: (message, context) => refreshClaroshopToken({ message, context, dependencies }),
        },
        queue,
      );
    },
  },
  'record-sla-errors': {
    event: SlaErrorSubmitted,
    healthy: (serial) => ({ files: [{ ...FILE, filename: `healthy-${String(serial)}.csv` }] }),
    open: (queue, told) =>
      slaErrorsWorker(
        {
          openBreaches: inMemorySlaBreaches().open,
          bus: busInto(told),
          clock: queue.clock,
          timeZone: 'America/Mexico_City',
        },
        queue,
      ),
  },
};
