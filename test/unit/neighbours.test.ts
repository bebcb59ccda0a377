import { ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import { exchangeWorker } from '#functions/exchange-cafe24-code/worker.ts';
import { slaErrorsWorker } from '#functions/record-sla-errors/worker.ts';
import { refreshWorker } from '#functions/refresh-cafe24-token/worker.ts';
import { refreshClaroshopToken } from '#functions/refresh-claroshop-token/refresh-claroshop-token.ts';
import { settings } from '#functions/refresh-claroshop-token/settings.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { RefreshAttempts } from '#shared/grants/refresh-ports.ts';
import type { Tokens } from '#shared/grants/ports.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { oncePerKey } from '#shared/once-per-key.ts';
import { queueWorker } from '#shared/sqs/worker.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { someGrant } from '#test/support/cafe24-world.ts';
import type { FakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';
import { inMemorySlaBreaches } from '#test/support/in-memory-sla-breaches.ts';
import { inMemoryWorld } from '#test/support/in-memory-world.ts';
import { describeNeighbours } from '#test/support/neighbours-suite.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const bus = { publish: () => Promise.resolve() };
const pause = () => Promise.resolve();
const ids = () => {
  let last = 0;
  return () => `00000000-0000-4000-8000-${String(++last).padStart(12, '0')}`;
};
const around = (queue: FakeQueueMessages, now: () => Date) => ({
  ...{ queue, clock: now, log: recordingLog() },
  random: () => 0.5,
});

describeNeighbours('exchange-cafe24-code', {
  bodyOf: (mallId) => ({ mallId, code: `code-of-${mallId}` }),
  unknownReason: 'unknown-mall',
  open: (fail, queue) => {
    const { now } = fixedClock();
    const world = inMemoryWorld(now);
    const store: typeof world.codes.store = async (code) => {
      fail(code.mallId);
      return await world.codes.store(code);
    };
    const dependencies = {
      malls: { has: (mallId: string) => mallId !== 'unknown' } as ReadonlySet<string>,
      redirectUri: 'https://tokenline.example/callback',
      codes: { ...world.codes, store },
      attempts: world.attempts,
      stores: { tokens: world.tokens, escrow: inMemoryEscrow<Cafe24Grant>(), pause },
      provider: {
        redeem: ({ mallId }: { readonly mallId: string }) =>
          Promise.resolve({ kind: 'granted' as const, grant: someGrant(mallId) }),
      },
      ...{ bus, clock: now, newId: ids() },
    };
    const handle = exchangeWorker(
      () => ({ ...dependencies, once: oncePerKey() }),
      around(queue, now),
    );
    return { handle, now, doneFor: (mallId) => world.tokenRow(mallId) };
  },
});

describeNeighbours('refresh-cafe24-token', {
  bodyOf: (mallId) => ({ provider: 'cafe24', mallId, version: 1, reason: 'expiring' }),
  open: (fail, queue) => {
    const { now } = fixedClock();
    const committed = new Map<string, Cafe24Grant>();
    const finished = (attemptId: string, outcome: string) =>
      Promise.resolve({ attemptId, outcome, toPublish: undefined }) as never;
    const attempts: Pick<RefreshAttempts, 'begin'> = {
      begin: async ({ attemptId, subject, version }) => {
        fail(subject);
        const attempt = { attemptId, subject, grantType: 'refresh_token', baseVersion: version };
        return await Promise.resolve({ kind: 'begun', attempt, refreshToken: 'r' } as never);
      },
    };
    const tokens: Tokens<Cafe24Grant> = {
      commit: ({ attemptId }, { grant }) => {
        committed.set(grant.mallId, grant);
        return finished(attemptId, 'refreshed');
      },
    };
    const dependencies = {
      attempts: attempts as RefreshAttempts,
      stores: { tokens, escrow: inMemoryEscrow<Cafe24Grant>(), pause },
      provider: {
        redeem: ({ mallId }: { readonly mallId: string }) =>
          Promise.resolve({ kind: 'granted' as const, grant: someGrant(mallId) }),
      },
      ...{ bus, clock: now, newId: ids() },
    };
    const handle = refreshWorker(
      () => ({ ...dependencies, once: oncePerKey() }),
      around(queue, now),
    );
    return { handle, now, doneFor: (mallId) => Promise.resolve(committed.get(mallId)) };
  },
});

describeNeighbours('refresh-claroshop-token', {
  bodyOf: (account) => ({ provider: 'claroshop', account, version: 0, reason: 'expiring' }),
  unknownReason: 'unknown-account',
  open: (fail, queue) => {
    const world = new ClaroshopWorld(inMemoryStores().storesOf);
    const { grants } = world.process();
    const { tokens } = grants;
    const read: typeof tokens.read = async (account) => {
      fail(account);
      return await tokens.read(account);
    };
    const accounts = { includes: (account: string) => account !== 'unknown' } as readonly string[];
    const dependencies = { accounts, grants: { ...grants, tokens: { ...tokens, read } } };
    const handle = queueWorker(
      {
        event: ClaroshopExpiryWarning,
        retry: settings.retry,
        timeToStartMs: TIME_TO_ATTEMPT_MS,
        work: (message, context) => refreshClaroshopToken({ message, context, dependencies }),
      },
      around(queue, world.clock.now),
    );
    const doneFor = async (account: string) => (await tokens.read(account)).bundle;
    return { handle, doneFor, now: world.clock.now };
  },
});

describeNeighbours('record-sla-errors', {
  bodyOf: (filename) => ({
    files: [{ folder: 'C:\\in', filename, sla: 60, creationDate: '2026-03-01T05:00:00' }],
  }),
  // By the path of the file: its neighbours in the message are recorded.
  refusedReason: 'invalid-message',
  open: (fail, queue) => {
    const { now } = fixedClock();
    const store = inMemorySlaBreaches();
    const handle = slaErrorsWorker(
      {
        openBreaches: (deadline) => ({
          record: async (breach) => {
            fail(breach.filename);
            return await store.open(deadline).record(breach);
          },
        }),
        ...{ bus, clock: now, timeZone: 'America/Mexico_City' },
      },
      around(queue, now),
    );
    const doneFor = (filename: string) =>
      Promise.resolve([...store.stored.values()].find((it) => it.filename === filename));
    return { handle, now, doneFor };
  },
});
