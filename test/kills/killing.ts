import { setTimeout as pause } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import pg from 'pg';
import { expect, inject } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import type { WorkerOutputs } from '#infra/outputs.ts';
import { randomOf } from '#test/crash/random.ts';
import { beginStory, type Story } from '#test/support/e2e.ts';
import { functionProcesses } from '#test/support/function-processes.ts';

/** So many kills must have interrupted something. */
export const KILLS = 50;
export const MAX_ROUNDS = 150;
export const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Long enough that a grant which can't be committed goes into escrow at times. */
const LOCKED_MS = 5_000;

const { endpointUrl, region } = inject('localAws');
const lambda = new LambdaClient({
  endpoint: endpointUrl,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** When a process is killed: while the provider works, between its answer and the commit, … */
const MOMENTS = ['post', 'commit', 'publish', 'acknowledgement'] as const;
type Moment = (typeof MOMENTS)[number];

/** What kills found: processes, kills that cut something off, and the attempts that they cut off. */
export interface Tally {
  processes: number;
  interruptions: number;
  uncommitted: number;
  unpublished: number;
  unacknowledged: number;
  /** Grants that recovery took out of escrow. */
  installed: number;
}

/** What the kills of a long enough run have found at least once. */
export const CUT_OFF = ['uncommitted', 'unpublished', 'unacknowledged', 'installed'] as const;

/** Kills the processes of one function while they work for the malls of one story. */
export class Killing {
  readonly tally: Tally = {
    processes: 0,
    interruptions: 0,
    uncommitted: 0,
    unpublished: 0,
    unacknowledged: 0,
    installed: 0,
  };
  /** When processes were killed, as ISO-8601 UTC strings. */
  readonly killedAt: string[] = [];
  readonly #random = randomOf(SEED);
  readonly story: Story;
  readonly #malls: readonly string[];
  readonly #worker: WorkerOutputs;
  #shiftedSeconds = 0;

  private constructor(story: Story, malls: readonly string[], worker: WorkerOutputs) {
    this.story = story;
    this.#malls = malls;
    this.#worker = worker;
  }

  static async begin(malls: readonly string[], worker: WorkerOutputs): Promise<Killing> {
    return new Killing(await beginStory(...malls), malls, worker);
  }

  async end(): Promise<void> {
    await this.passSeconds(-this.#shiftedSeconds);
    await this.story.end();
  }

  /** Sets work going, and kills who does it at a moment that chance chooses. */
  async strike(setGoing: () => Promise<unknown>): Promise<void> {
    const moment = MOMENTS[Math.floor(this.#random.next() * MOMENTS.length)] ?? 'post';
    const delayMs = Math.floor(this.#random.next() * 400);
    await this.story.cafe24.configure('*', { delayMs });
    const after = await this.#lastAttempt();
    await setGoing();
    await this.#waitFor('true', after);
    if (moment === 'commit')
      await this.#killBehindLock(delayMs + this.#random.next() * LOCKED_MS, after);
    else await this.#killAt(moment, { after, delayMs });
    await this.story.cafe24.heal('*');
  }

  /** Sets work going, and waits until an attempt of each mall has ended. */
  async everyMallWorks(setGoing: () => Promise<unknown>): Promise<void> {
    const after = await this.#lastAttempt();
    await setGoing();
    await eventually(async () => {
      const worked = await this.story.sql(
        `select distinct mall_id from cafe24.token_attempts
          where mall_id = any($1) and attempt_no > $2 and finished_at is not null`,
        [this.#malls, after],
      );
      return worked.length === this.#malls.length ? true : undefined;
    }, 'an attempt of each mall');
  }

  async sweep({ functionName }: { functionName: string }): Promise<void> {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName }));
    expect(answer.FunctionError).toBeUndefined();
    const { installed = 0 } = JSON.parse(answer.Payload?.transformToString() ?? '{}') as {
      readonly installed?: number;
    };
    this.tally.installed += installed;
  }

  /** The database's clock goes on by so much. */
  async passSeconds(seconds: number): Promise<void> {
    this.#shiftedSeconds += seconds;
    await this.story.sql(
      `create or replace function cafe24.clock() returns timestamptz language sql volatile
       return clock_timestamp() + interval '${String(this.#shiftedSeconds)} seconds'`,
    );
  }

  /** A code of the mall's that has just come, by the database's clock; it is announced. */
  async authorize(mallId: string): Promise<string> {
    const [code] = await this.story.sql(
      `insert into cafe24.oauth_authorization_codes (mall_id, code, received_at)
       values ($1, $2, cafe24.clock()) returning id`,
      [mallId, await this.story.cafe24.issueCode(mallId)],
    );
    const codeId = String(code?.['id']);
    await this.story.publish({ mallId, codeId });
    return codeId;
  }

  /** The refresh token in the row is one that the provider takes. */
  isAlive(mallId: string): Promise<true> {
    return eventually(async () => {
      const row = await this.story.row(mallId);
      const { aliveRefreshTokens } = await this.story.cafe24.memory(mallId);
      const isTheLiving = aliveRefreshTokens.includes(String(row?.['refresh_token']));
      return isTheLiving && row?.['status'] === 'active' ? true : undefined;
    }, `the living grant in the row of ${mallId}`);
  }

  /** Enough kills have interrupted something, and some of them did so in each of the moments. */
  hasStruckEnough(): boolean {
    return this.tally.interruptions >= KILLS && CUT_OFF.every((moment) => this.tally[moment] > 0);
  }

  /** Every outcome that an attempt stored was told as what it is, and none is left in the outbox. */
  async everyOutcomeWasTold(): Promise<number> {
    return await eventually(async () => {
      const stored = await this.story.sql(
        `select attempt_id || ' ' || (event->>'detailType') as outcome, published_at
           from cafe24.token_attempts where mall_id = any($1) and event is not null`,
        [this.#malls],
      );
      const events = await this.story.observer.untilNow(() => true);
      const told = new Set(
        events.map(
          ({ detail, ...event }) => `${String(detail['attemptId'])} ${event['detail-type']}`,
        ),
      );
      const isTold = stored.every(
        ({ outcome, published_at: publishedAt }) =>
          publishedAt !== null && told.has(String(outcome)),
      );
      return isTold ? stored.length : undefined;
    }, 'an event for each outcome, and an empty outbox');
  }

  async #killAt(
    moment: Exclude<Moment, 'commit'>,
    { after, delayMs }: { readonly after: number; readonly delayMs: number },
  ): Promise<void> {
    if (moment === 'post') await pause(this.#random.next() * (delayMs + 20));
    else if (moment === 'publish') await this.#waitFor('finished_at is not null', after);
    else await this.#waitFor('published_at is not null', after);
    await this.#kill(after);
  }

  /** Nobody can write a token meanwhile: the kill comes between an answer and its first write. */
  async #killBehindLock(waitMs: number, after: number): Promise<void> {
    const lock = new pg.Client({ ...inject('localAws').postgres });
    await lock.connect();
    try {
      await lock.query('begin');
      await lock.query('lock table cafe24.oauth_tokens in share row exclusive mode');
      await pause(waitMs);
      await this.#kill(after);
    } finally {
      await lock.end();
    }
  }

  async #kill(after: number): Promise<void> {
    const { functionName, queueUrl } = this.#worker;
    const pids = functionProcesses(functionName, endpointUrl);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    if (pids.length > 0) this.killedAt.push(new Date().toISOString());
    const [cut] = await this.story.sql(
      `select count(*) filter (where finished_at is null)::int as uncommitted,
              count(*) filter (where finished_at is not null and event is not null
                                 and published_at is null)::int as unpublished,
              count(*) filter (where published_at is not null)::int as told,
              count(*)::int as begun
         from cafe24.token_attempts where mall_id = any($1) and attempt_no > $2`,
      [this.#malls, after],
    );
    const inFlight = await this.#inFlight(queueUrl);
    const unread = Math.min(Number(cut?.['told']), inFlight);
    const found = [Number(cut?.['uncommitted']), Number(cut?.['unpublished']), unread] as const;
    // A batch's messages are deleted when its invocation ends. Those in flight are of open attempts, of
    // none yet, and what is left, of attempts that have told all.
    const others = found[0] + found[1] + Math.max(0, this.#malls.length - Number(cut?.['begun']));
    this.tally.processes += pids.length;
    this.tally.uncommitted += found[0];
    this.tally.unpublished += found[1];
    const unacknowledged = Math.min(Number(cut?.['told']), inFlight - others);
    this.tally.unacknowledged += pids.length === 0 ? 0 : Math.max(0, unacknowledged);
    if (pids.length > 0 && found.some((count) => count > 0)) this.tally.interruptions += 1;
  }

  async #inFlight(queueUrl: string): Promise<number> {
    const { Attributes } = await this.story.clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
  }

  async #lastAttempt(): Promise<number> {
    const [row] = await this.story.sql(
      'select coalesce(max(attempt_no), 0)::int as last from cafe24.token_attempts',
    );
    return Number(row?.['last']);
  }

  /** Looks every few milliseconds, 10 s long, for an attempt of this round. */
  async #waitFor(condition: string, after: number): Promise<void> {
    for (let looks = 0; looks < 2_000; looks++) {
      const found = await this.story.sql(
        `select from cafe24.token_attempts
          where mall_id = any($1) and attempt_no > $2 and ${condition} limit 1`,
        [this.#malls, after],
      );
      if (found.length > 0) return;
      await pause(5);
    }
  }
}
