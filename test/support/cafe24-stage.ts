import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import type { OutcomeEvent, Redeemed } from '#shared/grants/ports.ts';
import { cafe24Pipeline, type Cafe24Pipeline, type Parts } from './cafe24-pipeline.ts';
import { someGrant } from './cafe24-world.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { inMemoryEscrow } from './in-memory-escrow.ts';

export type Answer = (ticket: Cafe24Ticket) => Promise<Redeemed<Cafe24Grant>>;

/** The Cafe24 functions on a database of the file's own; each test has a mall of its own. */
export class Cafe24Stage {
  mallId = '';
  posts: Cafe24Ticket[] = [];
  answer: Answer = this.granted;
  escrow = inMemoryEscrow<Cafe24Grant>();
  #published: OutcomeEvent[] = [];
  #shiftedMs = 0;
  #test: TestDatabase | undefined;
  #parts: Parts | undefined;

  constructor() {
    beforeAll(async () => {
      this.#test = await createTestDatabase(inject('localAws').postgres);
    });
    afterAll(() => this.test.drop());
    beforeEach(() => this.#reset());
  }

  get test(): TestDatabase {
    if (this.#test === undefined) throw new Error('before beforeAll');
    return this.#test;
  }

  get parts(): Parts {
    if (this.#parts === undefined) throw new Error('before beforeEach');
    return this.#parts;
  }

  get pipeline(): Cafe24Pipeline {
    return cafe24Pipeline(this.parts);
  }

  /** Of a client that others share the tables with, perhaps with other parts. */
  pipelineOf(clientId: string | undefined, parts: Partial<Parts> = {}): Cafe24Pipeline {
    return cafe24Pipeline({ ...this.parts, ...parts, clientId });
  }

  get granted(): Answer {
    return ({ mallId }) => Promise.resolve({ kind: 'granted', grant: this.freshGrant(mallId) });
  }

  /** Of the test's mall, in the order of their publication. */
  get published(): readonly OutcomeEvent[] {
    return this.#published.filter(({ detail }) => detail['mallId'] === this.mallId);
  }

  /** Expires in 2 h by the database's clock. */
  freshGrant(mallId = this.mallId): Cafe24Grant {
    const expiresAt = new Date(this.now().getTime() + 7_200_000);
    return { ...someGrant(mallId), expiresAt };
  }

  /** By the database's clock. */
  now(): Date {
    return new Date(Date.now() + this.#shiftedMs);
  }

  /** The database's clock is so much ahead of ours. */
  async shiftClock(seconds: number): Promise<void> {
    this.#shiftedMs = seconds * 1_000;
    await this.test.sql(
      `create or replace function cafe24.clock() returns timestamptz language sql volatile
       return clock_timestamp() + interval '${String(seconds)} seconds'`,
    );
  }

  authorize(): Promise<string> {
    const detail = { mallId: this.mallId, code: `code-${randomUUID()}` };
    return this.pipeline.exchange(detail, this.now());
  }

  warning(version = 1, reason: Cafe24ExpiryWarning['reason'] = 'expiring'): Cafe24ExpiryWarning {
    return { provider: 'cafe24', mallId: this.mallId, version, reason };
  }

  refresh(...warning: Parameters<Cafe24Stage['warning']>): Promise<string> {
    return this.pipeline.refresh(this.warning(...warning));
  }

  /** What a sweep announces of the test's mall. */
  async warn(): Promise<readonly Cafe24ExpiryWarning[]> {
    const { warnings } = await this.pipeline.warn();
    return warnings.filter(({ mallId }) => mallId === this.mallId);
  }

  async row(): Promise<Record<string, unknown> | undefined> {
    const [row] = await this.test.sql(
      `select version::int, refresh_token, status from cafe24.oauth_tokens where mall_id = $1`,
      [this.mallId],
    );
    return row;
  }

  async #reset(): Promise<void> {
    await this.shiftClock(0);
    this.mallId = `mall-${randomUUID().slice(0, 8)}`;
    this.posts = [];
    this.#published = [];
    this.answer = this.granted;
    this.escrow = inMemoryEscrow();
    this.#parts = {
      database: this.test.database,
      provider: {
        redeem: (ticket) => {
          this.posts.push(ticket);
          return this.answer(ticket);
        },
      },
      escrow: this.escrow,
      bus: { publish: (event) => Promise.resolve(void this.#published.push(event)) },
      deadline: { remainingMs: () => 60_000 },
    };
  }
}

export const refused: Answer = () => Promise.resolve({ kind: 'refused', reason: 'invalid_grant' });

export const failing =
  (reason: string): Answer =>
  () =>
    Promise.resolve({ kind: reason === 'timeout' ? 'unknown' : 'failed', reason });
