import { beforeEach, describe, expect, it } from 'vitest';
import { announceCafe24Codes } from '#functions/announce-cafe24-codes/announce-cafe24-codes.ts';
import type { Dependencies } from '#functions/announce-cafe24-codes/dependencies.ts';
import { settings } from '#functions/announce-cafe24-codes/settings.ts';
import { DependencyUnavailableError, PublishFailedError } from '#shared/errors.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { fixedClock, type FixedClock } from '#test/support/fixed-clock.ts';
import { InMemoryAnnouncements } from '#test/support/in-memory-announcements.ts';
import { recordingLog, type RecordingLog } from '#test/support/recording-log.ts';

let clock: FixedClock;
let log: RecordingLog;
let announcements: InMemoryAnnouncements;
let published: OutcomeEvent[];
let dependencies: Dependencies;
/** What happens while a run waits for its next look, by the number of the pause. */
let duringPause: (pause: number) => void;

beforeEach(() => {
  clock = fixedClock();
  log = recordingLog();
  announcements = new InMemoryAnnouncements(clock.now);
  published = [];
  duringPause = () => undefined;
  let pauses = 0;
  dependencies = {
    malls: ['demo-mall', 'other-mall'],
    mallId: 'demo-mall',
    announcements,
    bus: { publishAll: (events) => Promise.resolve(void published.push(...events)) },
    clock: clock.now,
    pause: (ms) => {
      clock.advanceSeconds(ms / 1_000);
      pauses += 1;
      duringPause(pauses);
      return Promise.resolve();
    },
    log,
  };
});

/** Lambda's own deadline, by the test's clock. */
function invoke(request: unknown = {}, timeoutSeconds: number = settings.timeoutSeconds) {
  const endsMs = clock.now().getTime() + timeoutSeconds * 1_000;
  const deadline = { remainingMs: () => Math.max(0, endsMs - clock.now().getTime()) };
  return announceCafe24Codes(request, deadline, dependencies);
}

const busIsAway = () => {
  const publishAll = () => Promise.reject(new PublishFailedError('away'));
  dependencies = { ...dependencies, bus: { publishAll } };
};
const announcedIds = () => published.map(({ detail }) => detail['codeId']);

describe('a manual run', () => {
  it.each([
    [2, 'announced'],
    [3, 'database-unavailable'],
  ])('asks a database again that did not answer %i times: %s', async (failures, end) => {
    announcements.insert('demo-mall');
    const mark = announcements.markNewest.bind(announcements);
    let asked = 0;
    announcements.markNewest = async (mallId) => {
      asked += 1;
      if (asked <= failures) throw new DependencyUnavailableError('database-unavailable', 'away');
      return await mark(mallId);
    };
    const ended = await invoke().then(
      (answer) => 'outcome' in answer && answer.outcome,
      (error: unknown) => (error as DependencyUnavailableError).code,
    );
    expect(ended).toBe(end);
    expect(asked).toBe(3);
  });

  it('announces the newest code of CAFE24_MALL_ID by its id, and says how to follow it', async () => {
    announcements.insert('other-mall');
    announcements.insert('demo-mall', 20);
    const codeId = announcements.insert('demo-mall');
    const answer = await invoke();
    const eventId = announcements.codes.at(-1)?.eventId ?? 'none';
    expect(published).toEqual([
      {
        detailType: 'AuthorizationCodeArrived',
        detail: { mallId: 'demo-mall', codeId, metadata: { eventId, correlationId: eventId } },
      },
    ]);
    expect(answer).toEqual({
      outcome: 'announced',
      mallId: 'demo-mall',
      codeId,
      eventId,
      message: `Code ${codeId} of demo-mall is announced: exchange-cafe24-code redeems it now.`,
      follow: {
        code: `select status from cafe24.oauth_authorization_codes where id = ${codeId}`,
        attempts: expect.stringContaining(`where code_id = ${codeId}`) as string,
        log: `exchange-cafe24-code: { $.correlationId = "${eventId}" }`,
        events: expect.stringContaining(eventId) as string,
      },
    });
  });

  it.each([null, {}, { mallId: null }])('is invoked with %j', async (request) => {
    announcements.insert('demo-mall');
    expect(await invoke(request)).toMatchObject({ outcome: 'announced', mallId: 'demo-mall' });
  });

  it('can name another mall', async () => {
    const codeId = announcements.insert('other-mall');
    expect(await invoke({ mallId: 'other-mall' })).toMatchObject({ outcome: 'announced', codeId });
  });

  it('says that there is no code', async () => {
    expect(await invoke()).toEqual({
      outcome: 'no-code',
      mallId: 'demo-mall',
      message: 'No code of demo-mall is stored.',
    });
  });

  it('says that the code was announced before, with the event id, and announces nothing', async () => {
    announcements.insert('demo-mall');
    const first = await invoke();
    const second = await invoke();
    expect(first).toMatchObject({ outcome: 'announced' });
    expect(second).toMatchObject({
      outcome: 'already-announced',
      eventId: announcements.codes[0]?.eventId,
    });
    expect(published).toHaveLength(1);
  });

  it.each(['exchanging', 'exchanged', 'expired', 'rejected', 'superseded'] as const)(
    'says that the code is already %s, without an error, and announces nothing',
    async (status) => {
      const codeId = announcements.insert('demo-mall');
      announcements.setStatus(codeId, status);
      expect(await invoke()).toMatchObject({ outcome: `already-${status}`, codeId });
      expect(published).toEqual([]);
    },
  );

  it('says that a code of more than 60 s is expired, though nobody has closed it yet', async () => {
    announcements.insert('demo-mall', 61);
    expect(await invoke()).toMatchObject({
      outcome: 'already-expired',
      message: expect.stringContaining('over 60 s old') as string,
    });
  });

  it('fails when the bus is away; the code can be announced once its mark has ended', async () => {
    announcements.insert('demo-mall');
    const { bus } = dependencies;
    busIsAway();
    await expect(invoke()).rejects.toThrow(PublishFailedError);
    dependencies = { ...dependencies, bus };
    expect(await invoke()).toMatchObject({ outcome: 'already-announced' });
    clock.advanceSeconds(16);
    expect(await invoke()).toMatchObject({ outcome: 'announced' });
    expect(published).toHaveLength(1);
  });

  it('publishes only as long as its mark keeps others away', async () => {
    announcements.insert('demo-mall');
    const left: number[] = [];
    dependencies = {
      ...dependencies,
      bus: {
        publishAll: (_, deadline) => Promise.resolve(void left.push(deadline.remainingMs())),
      },
    };
    await invoke();
    announcements.insert('other-mall');
    await invoke({ mallId: 'other-mall' }, 5);
    expect(left).toEqual([15_000, 5_000]);
  });

  it('asks for CAFE24_MALL_ID where it is not set', async () => {
    dependencies = { ...dependencies, mallId: undefined };
    await expect(invoke()).rejects.toThrow('CAFE24_MALL_ID is not set');
  });

  it('refuses a mall that is not configured', async () => {
    announcements.insert('foreign-mall');
    await expect(invoke({ mallId: 'foreign-mall' })).rejects.toMatchObject({
      code: 'unknown-mall',
    });
    expect(published).toEqual([]);
  });

  it.each([
    [{ mall: 'demo-mall' }],
    [{ mallId: 'No Mall' }],
    [{ watch: false }],
    [{ watch: true, mall: 'demo-mall' }],
    [{ key1: 'value1', key2: 'value2', key3: 'value3' }],
    ['demo-mall'],
    [[]],
  ])('refuses the request %j and says what it takes', async (request) => {
    await expect(invoke(request)).rejects.toThrow(
      /^expected {}, {"mallId": "…"} or {"watch": true}: .*, send {}/,
    );
  });
});

describe('the schedule', () => {
  it('looks every 2 s for a minute', async () => {
    const began = clock.now().getTime();
    expect(await invoke(settings.input)).toEqual({ announced: 0, looks: 30, failedLooks: 0 });
    expect(clock.now().getTime() - began).toBe(58_000);
  });

  it('announces what comes meanwhile at its next look, once, and only of malls that are served', async () => {
    const ids: string[] = [];
    duringPause = (pause) => {
      if (pause === 3) ids.push(announcements.insert('demo-mall'));
      if (pause === 3) announcements.insert('foreign-mall');
      if (pause === 4) expect(announcedIds()).toEqual(ids);
      if (pause === 9) ids.push(announcements.insert('other-mall'));
    };
    expect(await invoke(settings.input)).toMatchObject({ announced: 2 });
    expect(ids).toHaveLength(2);
    expect(announcedIds()).toEqual(ids);
  });

  it('can be asked for by a person, for one mall', async () => {
    const codeId = announcements.insert('demo-mall');
    announcements.insert('other-mall');
    expect(await invoke({ watch: true, mallId: 'demo-mall' })).toMatchObject({ announced: 1 });
    expect(announcedIds()).toEqual([codeId]);
    await expect(invoke({ watch: true, mallId: 'foreign-mall' })).rejects.toMatchObject({
      code: 'unknown-mall',
    });
  });

  it('announces a code once when two runs overlap', async () => {
    duringPause = (pause) => {
      if (pause % 2 === 0) announcements.insert('demo-mall');
    };
    const runs = await Promise.all([invoke(settings.input), invoke(settings.input)]);
    const all = announcedIds();
    expect(all.length).toBeGreaterThan(10);
    expect(new Set(all).size).toBe(all.length);
    expect(runs).toHaveLength(2);
  });

  it('goes on after a look that failed, and announces what waits once the mark has ended', async () => {
    announcements.insert('demo-mall');
    const { bus } = dependencies;
    let calls = 0;
    const publishAll: typeof bus.publishAll = (events, deadline) => {
      calls += 1;
      return calls === 1
        ? Promise.reject(new PublishFailedError('away'))
        : bus.publishAll(events, deadline);
    };
    dependencies = { ...dependencies, bus: { publishAll } };
    expect(await invoke(settings.input)).toEqual({ announced: 1, looks: 30, failedLooks: 1 });
    expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'look-failed' },
    ]);
  });

  it('fails when its last look failed, after a minute of trying', async () => {
    const away = new DependencyUnavailableError('database-unavailable', 'away');
    let looks = 0;
    const markWaiting = () => {
      looks += 1;
      return Promise.reject(away);
    };
    dependencies = {
      ...dependencies,
      announcements: Object.assign(announcements, { markWaiting }),
    };
    await expect(invoke(settings.input)).rejects.toBe(away);
    expect(looks).toBe(30);
  });

  it('ends before its time is over', async () => {
    expect(await invoke(settings.input, 11)).toMatchObject({ looks: 6 });
  });
});
