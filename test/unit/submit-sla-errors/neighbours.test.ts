import { describe, expect, it, test } from 'vitest';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { POISONED_FILES } from '#test/support/poisoned-files.ts';
import { submitStage, type SubmitStage } from '#test/support/submit-stage.ts';

const aFile = (filename = 'a.csv') => ({ filename, creationDate: '2024-06-15T19:25:25-05:00' });
const anEntry = (files: unknown) => ({ folder: 'C:\\transit\\in', sla: 60, files });

const publishedNames = ({ bus }: SubmitStage) =>
  bus.published.flatMap(({ detail }) =>
    SlaErrorSubmitted.schema.parse(detail).files.map(({ filename }) => filename),
  );

interface Refusal {
  readonly accepted: number;
  readonly problems: readonly { readonly path: string }[];
}

describe('a report with an invalid file', () => {
  test.each(POISONED_FILES)('(%s) loses that file alone', async (_, poison) => {
    const stage = submitStage();
    const healthy = Array.from({ length: 10 }, (_name, index) => aFile(`${index}.csv`));
    const files = [...healthy.slice(0, 5), poison, ...healthy.slice(5)];

    const { status, body } = await stage.submit({ sla_error: [anEntry(files)] });

    const { accepted, problems } = body as unknown as Refusal;
    expect([status, accepted]).toEqual([400, 10]);
    expect(problems.length).toBeGreaterThan(0);
    for (const { path } of problems) expect(path).toMatch(/^sla_error\[0\]\.files\[5\]/);
    expect(publishedNames(stage)).toEqual(healthy.map(({ filename }) => filename));
  });

  test.each([
    ['a folder that is missing', { folder: undefined }, 'sla_error[1].folder'],
    ['a folder with U+0000', { folder: 'C:\\in\u0000' }, 'sla_error[1].folder'],
    ['an SLA out of bounds', { sla: 19 }, 'sla_error[1].sla'],
    ['no files', { files: undefined }, 'sla_error[1].files'],
    ['files as text', { files: 'System.Object[]' }, 'sla_error[1].files'],
  ])('(%s) loses that folder alone', async (_, changes, path) => {
    const stage = submitStage();
    const poisoned = { ...anEntry([aFile('never.csv')]), ...changes };

    const { status, body } = await stage.submit({
      sla_error: [anEntry([aFile('a')]), poisoned, anEntry([aFile('b')])],
    });

    const { accepted, problems } = body as unknown as Refusal;
    expect([status, accepted]).toEqual([400, 2]);
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(publishedNames(stage)).toEqual(['a', 'b']);
  });

  it('tells the submission that the others went out in, every problem, and how many were accepted', async () => {
    const stage = submitStage();
    const files = [aFile('a'), { filename: 7, creationDate: 'x' }, aFile('b')];

    const { status, body } = await stage.submit({ sla_error: [anEntry(files)] });

    expect(status).toBe(400);
    expect(body).toMatchObject({
      message: 'Bad request',
      accepted: 2,
      submissionId: stage.submissionId,
      problems: [
        { path: 'sla_error[0].files[1].filename' },
        { path: 'sla_error[0].files[1].creationDate' },
      ],
    });
  });

  it('is 503, not 400, while the bus is away: the sender must send all again', async () => {
    const stage = submitStage();
    const away = new Error('away');
    stage.bus.failsWith(away, away, away, away);

    expect(await stage.submit({ sla_error: [anEntry([aFile(), null])] })).toMatchObject({
      status: 503,
    });
  });
});

describe('what is no report', () => {
  test.each([
    ['no JSON', '{"sla_error":'],
    ['an array', [anEntry([aFile()])]],
    ['without sla_error', {}],
    ['without a folder', { sla_error: [] }],
    ['with text for folders', { sla_error: 'System.Object[]' }],
    ['without a file', { sla_error: [anEntry([]), anEntry(null)] }],
  ])('(%s) publishes nothing', async (_, body) => {
    const stage = submitStage();

    expect(await stage.submit(body)).toMatchObject({ status: 400, body: { accepted: 0 } });
    expect(stage.bus.calls).toEqual([]);
  });
});

describe('a folder in which nothing is late', () => {
  // Windows PowerShell 5.1 writes a search that found nothing as {}, PowerShell 7 as null.
  test.each([[[]], [null], [{}], [{ value: [], Count: 0 }]])(
    '(%j) costs its neighbours nothing: 200',
    async (files) => {
      const stage = submitStage();

      const answer = await stage.submit({ sla_error: [anEntry([aFile('late')]), anEntry(files)] });

      expect(answer).toMatchObject({ status: 200, body: { files: 1 } });
      expect(publishedNames(stage)).toEqual(['late']);
    },
  );
});

describe('limits', () => {
  const megabytes = (element: string, count: number) =>
    `[${`${element},`.repeat(count)}${element}]`;

  test.each([
    [
      'elements of files',
      (wrong: string) => `{"sla_error":[{"folder":"f","sla":60,"files":${wrong}}]}`,
    ],
    ['elements of sla_error', (wrong: string) => `{"sla_error":${wrong}}`],
  ])('are judged before the elements (500,000 wrong %s)', async (_, toBody) => {
    const stage = submitStage();

    const { status, body } = await stage.submit(toBody(megabytes('1', 500_000)));

    expect([status, body['accepted'], (body['problems'] as unknown[]).length]).toEqual([400, 0, 1]);
  });

  it('name the first 50 problems, and count the others', async () => {
    const stage = submitStage();
    const files = [...Array.from({ length: 9_999 }, () => null), aFile('good')];

    const { status, body } = await stage.submit({ sla_error: [anEntry(files)] });

    expect(status).toBe(400);
    expect(body).toMatchObject({ accepted: 1, problemsOmitted: 9_949 });
    const { problems } = body as unknown as Refusal;
    expect(problems).toHaveLength(50);
    expect(problems[49]).toMatchObject({ path: 'sla_error[0].files[49]' });
    expect(publishedNames(stage)).toEqual(['good']);
  });
});
