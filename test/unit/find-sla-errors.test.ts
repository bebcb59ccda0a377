import { describe, expect, it } from 'vitest';
import { DependencyRefusedError } from '#shared/errors.ts';
import { AuthenticationError, BadRequestError } from '#shared/http/errors.ts';
import type { StoredBreach } from '#shared/sla/search.ts';
import type { Dependencies } from '#functions/find-sla-errors/dependencies.ts';
import { findSlaErrors } from '#functions/find-sla-errors/find-sla-errors.ts';
import { eventToRequest } from '#shared/http/request.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { proxyEvent } from '#test/support/http-requests.ts';
import { inMemorySlaBreaches } from '#test/support/in-memory-sla-breaches.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';
import { plentyOfTime, someBreach } from '#test/support/sla-breaches.ts';

type Query = Record<string, string>;
interface Body {
  readonly files: readonly StoredBreach[];
  readonly cursor?: string;
}

function world(changes: Partial<Dependencies> = {}) {
  const store = inMemorySlaBreaches();
  const dependencies: Dependencies = {
    tokens: {
      verify: (authorization) =>
        authorization === 'Bearer good'
          ? Promise.resolve({ subject: 'caller' })
          : Promise.reject(new AuthenticationError('no-bearer-token')),
    },
    search: store.search,
    clock: fixedClock('2026-03-02T12:00:00.000Z').now,
    openMinutes: 120,
    log: recordingLog(),
    metrics: recordingMetrics(),
    ...changes,
  };
  const answerTo = (event: Parameters<typeof proxyEvent>[0], deadline = plentyOfTime) =>
    findSlaErrors(eventToRequest(proxyEvent(event)), { deadline, dependencies });
  const request = (query: Query, authorization = 'Bearer good') =>
    answerTo({ queryStringParameters: query, headers: { Authorization: authorization } });
  return {
    request,
    answerTo,
    find: async (query: Query) => (await request(query)).body as Body,
    /** Breaches of 1 March, `hours` o'clock, in the order given. */
    breachesAt: async (hours: readonly number[], fields: Parameters<typeof someBreach>[0] = {}) => {
      const breaches = hours.map((hour) =>
        someBreach({
          affectedDay: '2026-03-01',
          affectedDate: `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
          reportedAt: '2026-03-02T09:59:59.000Z',
          ...fields,
        }),
      );
      await Promise.all(breaches.map((breach) => store.open(plentyOfTime).record(breach)));
      return breaches;
    },
  };
}

const problemsOf = async (answer: Promise<unknown>) => {
  const thrown: unknown = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  return thrown instanceof BadRequestError
    ? thrown.problems.map(({ path, message }) => `${path}: ${message}`)
    : thrown;
};
const hoursOf = ({ files }: Body) => files.map(({ affectedDate }) => affectedDate.slice(11, 13));

describe('find-sla-errors', () => {
  it('answers with the files of a day as they are stored, newest first', async () => {
    const { find, breachesAt } = world();
    const [first] = await breachesAt([8, 10], { submissionId: 's', submittedBy: 'u' });

    const { files, cursor } = await find({ date: '2026-03-01' });

    const { reportedAt, ...file } = first!;
    expect(files[1]).toEqual({
      ...file,
      firstReportedAt: reportedAt,
      lastReportedAt: reportedAt,
    });
    expect(files).toHaveLength(2);
    expect(cursor).toBeUndefined();
  });

  it.each([
    ['a range', { from: '2026-02-28', to: '2026-03-01' }, ['10', '08']],
    ['another day', { date: '2026-02-28' }, []],
    ['a folder', { folder: 'C:\\transit\\in' }, ['10', '08']],
    ['another folder', { folder: 'C:\\other' }, []],
    ['a folder on a day', { folder: 'C:\\transit\\in', date: '2026-03-01' }, ['10', '08']],
    ['a folder on another day', { folder: 'C:\\transit\\in', date: '2026-03-02' }, []],
  ])('searches by %s', async (_, query, hours) => {
    const { find, breachesAt } = world();
    await breachesAt([8, 10]);

    expect(hoursOf(await find(query))).toEqual(hours);
  });

  it('finds as open what was reported within the last two hours', async () => {
    const { find, breachesAt } = world();
    await breachesAt([8]);
    await breachesAt([9], { reportedAt: '2026-03-02T10:00:00.000Z' });

    expect(hoursOf(await find({ date: '2026-03-01', open: 'true' }))).toEqual(['09']);
    expect(hoursOf(await find({ date: '2026-03-01', open: 'false' }))).toEqual(['09', '08']);
  });

  it('gives 50 files a page, and the rest by the cursor', async () => {
    const { find, breachesAt } = world();
    await breachesAt(Array.from({ length: 51 }, (_, n) => n % 24));

    const first = await find({ date: '2026-03-01' });
    const second = await find({ date: '2026-03-01', cursor: first.cursor! });

    expect([first.files.length, second.files.length]).toEqual([50, 1]);
    expect(second.cursor).toBeUndefined();
  });

  it.each([[{ date: '2026-03-01' }], [{ folder: 'C:\\transit\\in' }]])(
    'pages through %j without losing or repeating a file',
    async (query) => {
      const { find, breachesAt } = world();
      await breachesAt([1, 5, 3, 4, 2]);
      const hours: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await find({ ...query, limit: '2', ...(cursor && { cursor }) });
        hours.push(...hoursOf(page));
        ({ cursor } = page);
      } while (cursor !== undefined);

      expect(hours).toEqual(['05', '04', '03', '02', '01']);
    },
  );

  it('leaves out what can not be read, names it in the log and counts it', async () => {
    const [log, metrics] = [recordingLog(), recordingMetrics()];
    const page = { breaches: [], unreadable: ['old-1', 'old-2'], next: undefined };
    const { request } = world({ log, metrics, search: { page: () => Promise.resolve(page) } });

    expect(await request({ date: '2026-03-01' })).toMatchObject({
      status: 200,
      body: { files: [] },
    });
    expect(log.lines).toEqual([
      { level: 'warn', message: 'items-unreadable', fields: { count: 2, errorIds: 'old-1 old-2' } },
    ]);
    expect(metrics.counts).toEqual(['UnreadableSlaErrors 2']);
  });

  it.each([undefined, 'Bearer bad'])('lets nobody in without a token (%s)', async (token) => {
    const { request } = world();

    await expect(request({ date: '2026-03-01' }, token ?? '')).rejects.toThrow(AuthenticationError);
  });

  it('says nothing of a request to somebody without a token', async () => {
    const { request } = world();

    await expect(request({ date: 'wrong' }, '')).rejects.toThrow(AuthenticationError);
  });

  it.each<[Query, string[]]>([
    [{}, ['query: expected date, or from and to, or folder']],
    [{ open: 'true' }, ['query: expected date, or from and to, or folder']],
    [{ date: '2026-02-30' }, ['date: expected a day: YYYY-MM-DD']],
    [{ date: '01/03/2026' }, ['date: expected a day: YYYY-MM-DD']],
    [{ date: '2026-03-01T00:00:00Z' }, ['date: expected a day: YYYY-MM-DD']],
    [{ from: '2026-03-01' }, ['to: expected beside from']],
    [{ to: '2026-03-01' }, ['from: expected beside to']],
    [
      { date: '2026-03-01', from: '2026-03-01', to: '2026-03-02' },
      ['date: expected either date, or from and to'],
    ],
    [{ from: '2026-03-02', to: '2026-03-01' }, ['to: expected a day not before from']],
    [{ from: '2026-03-01', to: '2026-04-01' }, ['to: expected at most 31 days, counted from from']],
    [{ folder: '' }, ['folder: expected a folder']],
    [{ folder: 'é'.repeat(1025) }, ['folder: expected a folder of at most 2048 bytes in UTF-8']],
    [{ folder: 'f', open: 'yes' }, ['open: expected true or false']],
    [{ folder: 'f', limit: '0' }, ['limit: expected a whole number from 1 to 200']],
    [{ folder: 'f', limit: '201' }, ['limit: expected a whole number from 1 to 200']],
    [{ folder: 'f', limit: '1.5' }, ['limit: expected a whole number from 1 to 200']],
    [{ folder: 'f', limit: '' }, ['limit: expected a whole number from 1 to 200']],
    [{ folder: 'f', dat: '2026-03-01' }, ['query: Unrecognized key: "dat"']],
    [
      { from: 'yesterday', to: 'today' },
      ['from: expected a day: YYYY-MM-DD', 'to: expected a day: YYYY-MM-DD'],
    ],
    [
      { from: 'NaN', to: 'x' },
      ['from: expected a day: YYYY-MM-DD', 'to: expected a day: YYYY-MM-DD'],
    ],
    [{ from: '2026-03-01', to: 'x' }, ['to: expected a day: YYYY-MM-DD']],
    [{ from: '', to: '2026-03-01' }, ['from: expected a day: YYYY-MM-DD']],
    [{ folder: 'f', date: '9999-12-31' }, ['date: expected a day from 1000-01-01 to 9998-12-31']],
    [
      { from: '9999-12-20', to: '9999-12-21' },
      [
        'from: expected a day from 1000-01-01 to 9998-12-31',
        'to: expected a day from 1000-01-01 to 9998-12-31',
      ],
    ],
    [{ folder: 'f', date: '0000-01-01' }, ['date: expected a day from 1000-01-01 to 9998-12-31']],
    [
      { folder: 'C:\\in\u0000' },
      ['folder: expected text without U+0000, U+FFFE, U+FFFF and halves of surrogate pairs'],
    ],
    [
      { date: 'x', limit: 'x' },
      ['date: expected a day: YYYY-MM-DD', 'limit: expected a whole number from 1 to 200'],
    ],
  ])('answers 400 and names what is wrong with %j', async (query, problems) => {
    expect(await problemsOf(world().request(query))).toEqual(problems);
  });

  it('refuses a parameter that comes twice: one of its values would be left out', async () => {
    const headers = { Authorization: 'Bearer good' };
    const twice = world().answerTo({
      headers,
      queryStringParameters: { date: '2026-03-02', limit: 'x' },
      multiValueQueryStringParameters: { date: ['2026-03-01', '2026-03-02'], limit: ['x'] },
    });

    expect(await problemsOf(twice)).toEqual([
      'date: expected once',
      'limit: expected a whole number from 1 to 200',
    ]);
  });

  it('looks for no page for which there is no time', async () => {
    const { answerTo } = world();
    const event = {
      queryStringParameters: { date: '2026-03-01' },
      headers: { Authorization: 'Bearer good' },
    };

    await expect(answerTo(event, { remainingMs: () => 1_000 })).rejects.toMatchObject({
      name: 'DependencyUnavailableError',
      code: 'no-time-left',
    });
  });

  it.each([
    { from: '9998-12-01', to: '9998-12-31' },
    { date: '1000-01-01' },
    { folder: 'f', date: '9998-12-31' },
  ])('takes the outermost days (%j)', async (query) => {
    expect(await world().find(query as Query)).toEqual({ files: [] });
  });

  it('takes 31 days', async () => {
    expect(await world().find({ from: '2026-03-01', to: '2026-03-31' })).toEqual({ files: [] });
  });

  describe('cursor', () => {
    const WRONG = ['cursor: expected the cursor of an answer to the same search'];
    const range = { from: '2026-02-28', to: '2026-03-01', limit: '1' };
    const cursorOf = async (query: Query) => {
      const { find, breachesAt, request } = world();
      await breachesAt([1, 2, 3]);
      return { cursor: (await find(query)).cursor!, request, find };
    };
    const forged = (cursor: string, change: (content: Record<string, unknown>) => object) => {
      const text = Buffer.from(cursor, 'base64url').toString();
      const content = JSON.parse(text) as Record<string, unknown>;
      return Buffer.from(JSON.stringify(change(content))).toString('base64url');
    };

    it.each([
      ['other days', { from: '2026-02-27', to: '2026-03-01' }],
      ['a folder', { from: '2026-02-28', to: '2026-03-01', folder: 'C:\\transit\\in' }],
      ['what is open', { from: '2026-02-28', to: '2026-03-01', open: 'true' }],
    ])('is of no use in a search for %s', async (_, query) => {
      const { cursor, request } = await cursorOf(range);

      expect(await problemsOf(request({ ...query, cursor }))).toEqual(WRONG);
    });

    it('goes on after an item of another system, whatever its keys look like', async () => {
      const after = { errorId: 'ß'.repeat(1_024), affectedDate: '15/06/2024 '.repeat(93) };
      const asked: unknown[] = [];
      const { find } = world({
        search: {
          page: ({ from }) => {
            asked.push(from);
            const next = from === undefined ? { day: undefined, after } : undefined;
            return Promise.resolve({ breaches: [], unreadable: [], next });
          },
        },
      });
      const { cursor } = await find({ folder: 'f' });
      await find({ folder: 'f', cursor: cursor! });

      expect(asked).toEqual([undefined, { day: undefined, after }]);
    });

    it('may be used with another limit', async () => {
      const { cursor, find } = await cursorOf(range);

      expect(hoursOf(await find({ ...range, limit: '5', cursor }))).toEqual(['02', '01']);
    });

    it.each([
      ['no base64', '%%%'],
      ['no JSON', Buffer.from('{').toString('base64url')],
      ['no object', Buffer.from('null').toString('base64url')],
      ['much too long', 'A'.repeat(100_000)],
    ])('that is %s is refused', async (_, cursor) => {
      const { request } = world();

      expect(await problemsOf(request({ ...range, cursor }))).toEqual(WRONG);
    });

    it.each<[string, (content: Record<string, unknown>) => object]>([
      ['leads out of the days', (content) => ({ ...content, day: '2026-01-01' })],
      ['names no day', ({ search, after }) => ({ search, after })],
      ['holds what it should not', (content) => ({ ...content, TableName: 'other' })],
      ['holds another type', (content) => ({ ...content, after: { errorId: { N: 1 } } })],
    ])('that %s is refused', async (_, change) => {
      const { cursor, request } = await cursorOf(range);

      expect(await problemsOf(request({ ...range, cursor: forged(cursor, change) }))).toEqual(
        WRONG,
      );
    });

    it('that only the store knows to be wrong is the fault of the request', async () => {
      const { cursor } = await cursorOf(range);
      const refusal = new DependencyRefusedError('item-refused', 'DynamoDB refused it.');
      const { request } = world({ search: { page: () => Promise.reject(refusal) } });

      expect(await problemsOf(request({ ...range, cursor }))).toEqual(WRONG);
      await expect(request(range)).rejects.toBe(refusal);
    });
  });
});
