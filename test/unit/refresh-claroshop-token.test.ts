import { beforeEach, describe, expect, it } from 'vitest';
import { ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import { refreshClaroshopToken } from '#functions/refresh-claroshop-token/refresh-claroshop-token.ts';
import { settings } from '#functions/refresh-claroshop-token/settings.ts';
import {
  ConfigurationError,
  DependencyRefusedError,
  DependencyUnavailableError,
} from '#shared/errors.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { queueWorker } from '#shared/sqs/worker.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { Steps } from '#test/support/claroshop/steps.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';

let world: ClaroshopWorld;
let queue: ReturnType<typeof fakeQueueMessages>;
let process: ReturnType<ClaroshopWorld['process']>;
beforeEach(() => {
  world = new ClaroshopWorld(inMemoryStores().storesOf);
  queue = fakeQueueMessages();
  process = world.process();
});

/** One batch through the function's own worker; answers with the ids that stay in the queue. */
async function consume(bodies: readonly unknown[], remainingMs = 30_000): Promise<string[]> {
  const dependencies = { accounts: [world.account], grants: process.grants };
  const handle = queueWorker(
    {
      event: ClaroshopExpiryWarning,
      retry: settings.retry,
      timeToStartMs: TIME_TO_ATTEMPT_MS,
      work: (message, context) => refreshClaroshopToken({ message, context, dependencies }),
    },
    { queue, clock: world.clock.now, log: world.log, random: () => 0 },
  );
  const sentAt = world.clock.now();
  const records = bodies.map((body, index) =>
    sqsRecord({ body, messageId: `message-${String(index)}`, sentAt }),
  );
  const answer = await handle(
    { Records: records },
    lambdaContext(() => remainingMs),
  );
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const warning = (version = 0) => ({
  provider: 'claroshop',
  account: world.account,
  version,
  reason: 'expiring',
});
const away = () => Promise.reject(new DependencyUnavailableError('ssm-unavailable', 'throttled'));

describe('refresh-claroshop-token', () => {
  it('rejects a poison record and one of another provider, and does their neighbour', async () => {
    const cafe24 = { provider: 'cafe24', mallId: 'a-mall', version: 1, reason: 'expiring' };
    expect(await consume(['{', cafe24, { ...warning(), account: 'nobody' }, warning()])).toEqual(
      [],
    );
    expect(queue.rejected.map(({ messageId, reason }) => [messageId, reason])).toEqual([
      ['message-0', 'invalid-message'],
      ['message-1', 'invalid-message'],
      ['message-2', 'unknown-account'],
    ]);
    expect(await world.bundle()).toMatchObject({ version: 1 });
  });

  it('keeps a record while Parameter Store is throttled, and asks nobody', async () => {
    Object.assign(process.grants.tokens, { project: away, read: away });
    expect(await consume([warning()])).toEqual(['message-0']);
    expect(queue.hidden).toHaveLength(1);
    expect(world.realm.posts).toEqual([]);
    process = world.process();
    expect(await consume([warning()])).toEqual([]);
    expect(world.realm.posts).toHaveLength(1);
  });

  it('brings a grant though the eight names can not be mended', async () => {
    const refused = new DependencyRefusedError('ssm-refused', 'A name of the predecessor.');
    Object.assign(process.grants.tokens, { project: () => Promise.reject(refused) });
    expect(await consume([warning()])).toEqual([]);
    expect(await consume([warning(1)])).toEqual([]);
    expect(queue.rejected).toEqual([]);
    expect(await world.bundle()).toMatchObject({ version: 2 });
  });

  it('keeps a record that met an unknown bug', async () => {
    Object.assign(process.grants.tokens, {
      project: away,
      read: () => Promise.reject(new TypeError('a bug')),
    });
    expect(await consume([warning()])).toEqual(['message-0']);
    expect(queue.rejected).toEqual([]);
  });

  it('acknowledges duplicates of one batch and asks once', async () => {
    expect(await consume([warning(), warning(), warning()])).toEqual([]);
    expect(world.realm.posts).toHaveLength(1);
  });

  it('acknowledges what is stale or comes out of order, and asks nobody', async () => {
    await consume([warning()]);
    await consume([warning(1)]);
    expect(await consume([warning(1), warning(0)])).toEqual([]);
    expect(world.realm.posts).toHaveLength(2);
    expect(await world.bundle()).toMatchObject({ version: 2 });
  });

  it('acknowledges a grant whose outcome the bus did not take; the sweep publishes it', async () => {
    world.busIsAway = true;
    expect(await consume([warning()])).toEqual([]);
    world.busIsAway = false;
    await world.process().sweep();
    expect(world.published).toMatchObject([{ detailType: 'TokenIssued', detail: { version: 1 } }]);
    await world.process().sweep();
    expect(world.published).toHaveLength(1);
  });

  it('acknowledges without a request what comes again after its work, unacknowledged', async () => {
    await process.refresh({ version: 0 });
    expect(await consume([warning()])).toEqual([]);
    expect(world.realm.posts).toHaveLength(1);
  });

  it('remembers refused credentials before it does anything else', async () => {
    const steps = new Steps();
    process = world.process(steps);
    let doneAtOnce: readonly string[] = [];
    world.realm.answer = () => {
      setImmediate(() => (doneAtOnce = [...steps.names]));
      return Promise.resolve({ kind: 'refused', reason: 'invalid-credentials' });
    };
    expect(await consume([warning()])).toEqual([]);
    await new Promise((done) => setImmediate(done));
    expect(doneAtOnce).toContain('attempts.refuseCredentials');
  });

  it('knows refused credentials though their lease can not be given back; it ends by itself', async () => {
    world.credentials = { username: 'seller', password: 'wrong' };
    expect(await consume([warning()])).toEqual([]);
    const giving = { ...world.attempts, giveBack: away };
    Object.assign(process.grants, { attemptsOf: () => giving });
    expect(await process.refresh({ version: 0 })).toBe('credentials-refused');
    expect(world.log.lines.map(({ message }) => message)).toContain('lease-not-ended');
    world.credentials = { username: 'seller', password: 'right' };
    world.clock.advanceSeconds(36);
    expect(await world.process().refresh({ version: 0 })).toBe('issued');
  });

  it('keeps a record while credentials can not be read for our own fault, and names it', async () => {
    const read = () => Promise.reject(new ConfigurationError('Can not read it.'));
    Object.assign(process.grants, { credentialsOf: () => ({ read }) });
    expect(await consume([warning()])).toEqual(['message-0']);
    expect(queue.rejected).toEqual([]);
    expect(world.log.lines.map(({ fields }) => fields['code'])).toContain('misconfigured');
  });

  it('names our own fault also while a session that is about to end goes on without them', async () => {
    world.realm.grantChanges = { refreshExpiresIn: 100 };
    await process.refresh();
    const read = () => Promise.reject(new ConfigurationError('Can not read it.'));
    Object.assign(process.grants, { credentialsOf: () => ({ read }) });
    expect(await process.refresh({ version: 1 })).toBe('refreshed');
    expect(world.log.lines.map(({ fields }) => fields['code'])).toContain('misconfigured');
  });

  it('gives a record back for which the time is too short', async () => {
    expect(await consume([warning()], TIME_TO_ATTEMPT_MS - 1)).toEqual(['message-0']);
    expect(world.realm.posts).toEqual([]);
  });
});
