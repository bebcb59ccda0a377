import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { localLambda } from '#infra/local/deployed-code.ts';
import type { ObservedEvent } from '#infra/local/event-observer.ts';
import { eventually } from '#infra/local/eventually.ts';
import { beginStory, SHARED_QUEUE_WITHIN_MS, type Story } from '#test/support/e2e.ts';

const [MALL, WATCHED, SILENT] = ['e2e-061', 'e2e-062', 'e2e-063'] as const;
/** Another software's, in the same table: no mall of this stage. */
const FOREIGN = 'foreign-mall';

const { announceCafe24Codes, recoverCafe24Grants } = inject('stack');
const lambda = localLambda(inject('localAws'));

let story: Story;
beforeAll(async () => {
  story = await beginStory(MALL, WATCHED, SILENT, FOREIGN);
});
afterAll(() => story.end());

async function invoke(
  { functionName }: { functionName: string },
  request: object = {},
): Promise<Record<string, unknown>> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }),
  );
  const answer = JSON.parse(Payload?.transformToString() ?? '') as Record<string, unknown>;
  if (FunctionError !== undefined) throw new Error(String(answer['errorMessage']));
  return answer;
}

/** As other software inserts it. @returns its id. */
async function insertCode(mallId: string, code: string, ageSeconds = 0): Promise<string> {
  const [row] = await story.sql(
    'insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, $2) returning id',
    [mallId, code],
  );
  await story.sql(
    `update cafe24.oauth_authorization_codes
        set received_at = received_at - make_interval(secs => $2) where id = $1`,
    [row?.['id'], ageSeconds],
  );
  return String(row?.['id']);
}

/** Until now. */
const arrivalsOf = (mallId: string) =>
  story.observer.untilNow(
    (event) =>
      event['detail-type'] === 'AuthorizationCodeArrived' && event.detail['mallId'] === mallId,
  );

const eventIdOf = ({ detail }: ObservedEvent) =>
  (detail['metadata'] as { readonly eventId: string }).eventId;

const codeOf = async (codeId: string) =>
  (await story.sql('select * from cafe24.oauth_authorization_codes where id = $1', [codeId]))[0];

/** The event id under which a code is announced, once somebody does. */
const markOf = async (codeId: string) => (await codeOf(codeId))?.['announcement_id'] ?? undefined;

describe('a code that other software inserted', () => {
  it('becomes a grant on a manual run; what the answer says to follow leads there', async () => {
    const codeId = await insertCode(MALL, await story.cafe24.issueCode(MALL));
    const answer = await invoke(announceCafe24Codes, { mallId: MALL });
    expect(answer).toMatchObject({ outcome: 'announced', mallId: MALL, codeId });

    const follow = answer['follow'] as Record<'code' | 'attempts', string>;
    await eventually(
      async () =>
        (await story.sql(follow.code))[0]?.['status'] === 'exchanged' ? true : undefined,
      'an exchanged code',
      SHARED_QUEUE_WITHIN_MS,
    );
    expect(await story.sql(follow.attempts)).toMatchObject([{ outcome: 'issued' }]);
    const issued = await story.observer.waitFor(
      (event) => event['detail-type'] === 'TokenIssued' && event.detail['mallId'] === MALL,
      'TokenIssued',
    );
    expect(issued.detail['metadata']).toMatchObject({ correlationId: answer['eventId'] });

    expect(await invoke(announceCafe24Codes, { mallId: MALL })).toMatchObject({
      outcome: 'already-exchanged',
      codeId,
      eventId: answer['eventId'],
    });
    const arrived = (await arrivalsOf(MALL)).map(eventIdOf);
    expect(arrived.filter((id) => id === answer['eventId'])).toHaveLength(1);
  });

  // Of one mall: other stories play beside this one, with codes of their own. No code waits for the
  // grant of the one before: on a busy machine that can take longer than a watch.
  it('is announced once by two watches that overlap', async () => {
    const request = { watch: true, mallId: WATCHED };
    const watches = Promise.all([
      invoke(announceCafe24Codes, request),
      invoke(announceCafe24Codes, request),
    ]);
    const marks: unknown[] = [];
    let newest = '';
    for (let count = 1; count <= 3; count++) {
      newest = await insertCode(WATCHED, await story.cafe24.issueCode(WATCHED));
      marks.push(await eventually(() => markOf(newest), `a mark on code ${newest}`));
    }
    const [one, other] = await watches;
    expect(Number(one['announced']) + Number(other['announced'])).toBe(3);
    await eventually(
      async () => ((await codeOf(newest))?.['status'] === 'exchanged' ? true : undefined),
      `the grant of code ${newest}`,
      SHARED_QUEUE_WITHIN_MS,
    );
    // A recovery that another story invokes announces what waits for 10 s as well, in its own name.
    const eventIds = (await arrivalsOf(WATCHED)).map(eventIdOf);
    expect(eventIds.filter((id) => marks.includes(id)).sort()).toEqual(marks.sort());
    expect(await story.row(WATCHED)).toMatchObject({ status: 'active' });
  });

  it('is neither announced nor closed by recovery when its mall is not served', async () => {
    const young = await insertCode(FOREIGN, 'young-code', 15);
    const old = await insertCode(FOREIGN, 'old-code', 100);
    await invoke(recoverCafe24Grants);
    expect(
      await story.sql('select status from cafe24.oauth_authorization_codes where id = any($1)', [
        [young, old],
      ]),
    ).toEqual([{ status: 'received' }, { status: 'received' }]);
    expect(await arrivalsOf(FOREIGN)).toEqual([]);
  });

  it('cannot be asked for where the mall has none, or is not served', async () => {
    expect(await invoke(announceCafe24Codes, { mallId: SILENT })).toMatchObject({
      outcome: 'no-code',
    });
    await expect(invoke(announceCafe24Codes, { mallId: FOREIGN })).rejects.toThrow('CAFE24_MALLS');
    await expect(invoke(announceCafe24Codes, { mall: SILENT })).rejects.toThrow('expected {}');
  });
});
