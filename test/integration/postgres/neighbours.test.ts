import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { announceCafe24Codes } from '#functions/announce-cafe24-codes/announce-cafe24-codes.ts';
import { problemOf } from '#shared/eventbridge/entry.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { postgresAnnouncements } from '#shared/postgres/announcements.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const stage = new Cafe24Stage();
let malls: string[];

beforeEach(async () => {
  malls = Array.from({ length: 10 }, (_, n) => `${stage.mallId}-${String(n)}`);
  await stage.test.sql(
    `truncate cafe24.oauth_tokens, cafe24.refresh_schedule, cafe24.token_attempts,
              cafe24.oauth_authorization_codes`,
  );
});

const POISON = 'poison-mall';

async function insertRow(mallId: string, changes: Record<string, unknown> = {}): Promise<void> {
  const row = {
    ...{ mall_id: mallId, access_token: 'a', refresh_token: 'r', expires_at: '2001-01-01' },
    ...changes,
  };
  const columns = Object.keys(row);
  await stage.test.sql(
    `insert into cafe24.oauth_tokens (${columns.join()})
     values (${columns.map((_, at) => `$${String(at + 1)}`).join()})`,
    Object.values(row),
  );
}

async function insertCode(mallId: string, changes: Record<string, unknown> = {}): Promise<string> {
  const code = { mall_id: mallId, code: `code-${randomUUID()}`, ...changes };
  const columns = Object.keys(code);
  const [row] = await stage.test.sql(
    `insert into cafe24.oauth_authorization_codes (${columns.join()})
     values (${columns.map((_, at) => `$${String(at + 1)}`).join()}) returning id`,
    Object.values(code),
  );
  return String(row?.['id']);
}

/** Takes what a bus takes, and fails for the rest as the real one does. */
const strictBus = (taken: OutcomeEvent[]) => ({
  publish: (event: OutcomeEvent) => {
    const problem = problemOf(event);
    if (problem !== undefined) return Promise.reject(new Error(problem));
    return Promise.resolve(void taken.push(event));
  },
});

const ODD_ROWS: Record<string, Record<string, unknown>> = {
  'a version that no number holds': { version: '9223372036854775806' },
  'no time that a date can show': { expires_at: '0044-03-15 BC' },
  'a time before all times': { expires_at: '-infinity' },
  'a mall id that is none': { mall_id: 'My_Shop' },
  'a mall id with a blank': { mall_id: ' blank-mall' },
  'no refresh token': { refresh_token: '' },
  'another client': { client_id: 'another-client' },
  'an unknown status': { status: 'paused' },
};

describe.each(Object.entries(ODD_ROWS))('beside a row with %s', (_, changes) => {
  it('ten malls are announced, and refreshed in one batch', async () => {
    for (const mallId of malls) await insertRow(mallId);
    await insertRow(POISON, changes);
    const { warnings } = await stage.pipelineOf('test-client').warn();
    expect(warnings.map(({ mallId }) => mallId)).toEqual(expect.arrayContaining(malls));

    const pipeline = stage.pipelineOf('test-client');
    const warned = [...malls, POISON].map((mallId) => ({ ...stage.warning(), mallId }));
    await Promise.allSettled(warned.map((warning) => pipeline.refresh(warning)));
    const refreshed = await stage.test.sql(
      'select mall_id from cafe24.oauth_tokens where mall_id = any($1) and version = 2',
      [malls],
    );
    expect(refreshed).toHaveLength(10);
  });
});

const ODD_CODES: Record<string, Record<string, unknown>> = {
  'the id 0': { id: 0 },
  'an id below 0': { id: -7 },
  'an id of nineteen digits': { id: '9223372036854775806' },
  'a control character': { code: 'a\nb' },
  'no code': { code: '' },
  'an age from the future': { received_at: 'infinity' },
};

describe.each(Object.entries(ODD_CODES))('beside a code with %s', (_, changes) => {
  const announced = async (taken: OutcomeEvent[]) => {
    let nowMs = 0;
    return await announceCafe24Codes(
      { watch: true },
      { remainingMs: () => 75_000 - nowMs },
      {
        malls: [...malls, POISON],
        mallId: undefined,
        announcements: postgresAnnouncements(stage.test.database),
        bus: {
          publishAll: async (events) => {
            for (const event of events) await strictBus(taken).publish(event);
          },
        },
        clock: () => new Date(nowMs),
        pause: (ms) => Promise.resolve((nowMs += ms * 15)),
        log: recordingLog(),
      },
    );
  };

  it('ten codes are announced, and exchanged in one batch', async () => {
    const codes = await Promise.all(
      [...malls.map((mallId) => [mallId, {}] as const), [POISON, changes] as const].map(
        async ([mallId, it]) => ({ mallId, codeId: await insertCode(mallId, it) }),
      ),
    );
    const taken: OutcomeEvent[] = [];
    await announced(taken);
    expect(taken.map(({ detail }) => detail['mallId'])).toEqual(expect.arrayContaining(malls));

    const { pipeline } = stage;
    const messages = codes.flatMap((code) => {
      const read = AuthorizationCodeArrived.schema.safeParse(code);
      return read.success ? [read.data] : [];
    });
    const ends = await Promise.allSettled(messages.map((message) => pipeline.exchange(message)));
    expect(
      ends.filter((end) => end.status === 'fulfilled' && end.value === 'issued').length,
    ).toBeGreaterThanOrEqual(10);
  });

  it('ten codes are announced again, and expired, by recovery', async () => {
    for (const mallId of malls) await insertCode(mallId);
    await insertCode(POISON, changes);
    const taken: OutcomeEvent[] = [];
    const pipeline = stage.pipelineOf(undefined, { bus: strictBus(taken) });
    await stage.shiftClock(11);
    await pipeline.recover();
    expect(taken.map(({ detail }) => detail['mallId'])).toEqual(expect.arrayContaining(malls));
    await stage.shiftClock(80);
    await pipeline.recover();
    await stage.shiftClock(120);
    await pipeline.recover();
    const expired = taken.filter((it) => it.detailType === 'ReauthorizationRequired');
    expect(expired.map(({ detail }) => detail['mallId'])).toEqual(expect.arrayContaining(malls));
  });
});

const ODD_OUTCOMES: Record<string, unknown> = {
  'of no kind that we know': { detailType: 'Unheard', detail: {} },
  'without its fields': { detailType: 'TokenIssued', detail: { version: 1 } },
  'that is none': { nothing: true },
  'that is a text': 'a text',
};

describe.each(Object.entries(ODD_OUTCOMES))('beside an outcome %s', (_, event) => {
  it('ten outcomes are published by recovery', async () => {
    const away = { publish: () => Promise.reject(new Error('away')) };
    for (const mallId of malls) {
      await stage.pipelineOf(undefined, { bus: away }).exchange({ mallId, code: randomUUID() });
    }
    await stage.test.sql(
      `insert into cafe24.token_attempts
         (attempt_id, mall_id, grant_type, started_at, lease_until, finished_at, outcome, event)
       values (gen_random_uuid(), '0-first', 'refresh_token', now(), now(), now(), 'failed', $1)`,
      [JSON.stringify(event)],
    );
    await stage.shiftClock(95);
    const taken: OutcomeEvent[] = [];
    const pipeline = stage.pipelineOf(undefined, { bus: strictBus(taken) });
    expect(await pipeline.recover()).toMatchObject({ published: 10 });
    expect(taken).toHaveLength(10);
  });

  it('at 600 malls that come first, another mall has its outcome published by recovery', async () => {
    const away = { publish: () => Promise.reject(new Error('away')) };
    await stage.pipelineOf(undefined, { bus: away }).exchange({
      mallId: stage.mallId,
      code: randomUUID(),
    });
    await stage.test.sql(
      `insert into cafe24.token_attempts
         (attempt_id, mall_id, grant_type, started_at, lease_until, finished_at, outcome, event)
       select gen_random_uuid(), '0-' || n, 'refresh_token', now(), now(), now(), 'failed', $1
         from generate_series(1, 600) n`,
      [JSON.stringify(event)],
    );
    await stage.shiftClock(95);
    const taken: OutcomeEvent[] = [];
    const pipeline = stage.pipelineOf(undefined, { bus: strictBus(taken) });
    expect(await pipeline.recover()).toMatchObject({ published: 1, failed: 600 });
    expect(taken).toMatchObject([{ detail: { mallId: stage.mallId } }]);
  });
});
