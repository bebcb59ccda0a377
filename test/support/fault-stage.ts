import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, inject, vi } from 'vitest';
import { z } from 'zod';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { cafe24Provider } from '#shared/cafe24/oauth.ts';
import { systemClock } from '#shared/clock.ts';
import { PublishFailedError } from '#shared/errors.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { postgresDatabase, type Database } from '#shared/postgres/database.ts';
import { fixedSecret } from '#shared/ssm/secret.ts';
import { cafe24Control, type Cafe24Control } from './cafe24-provider/control.ts';
import { startCafe24Provider, type RunningCafe24 } from './cafe24-provider/server.ts';
import { cafe24Pipeline } from './cafe24-pipeline.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { codeRecord, exchangeHandler } from './exchange-handler.ts';
import { fakeQueueMessages } from './fake-queue-messages.ts';
import { inMemoryEscrow } from './in-memory-escrow.ts';
import { recordingLog } from './recording-log.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const application = {
  clientId: 'test-client',
  clientSecret: 'test-client-secret',
  redirectUri: 'https://tokenline.example/cafe24/callback',
};

/** A mall whose code is on its way, with or without a grant from before. */
export interface Traveller {
  readonly mallId: string;
  readonly codeId: string | undefined;
  readonly detail: object;
  readonly before: unknown;
}

/** Where in the function's life a statement stands, by words that only it has. */
const PLACES = {
  store: 'insert into cafe24.oauth_authorization_codes',
  lease: 'insert into cafe24.token_attempts',
  decision: 'as verdict',
  commit: 'insert into cafe24.oauth_tokens as stored',
  close: 'closed as (',
  look: 'as lease_lives',
  mark: 'set published_at = cafe24.clock()',
  giveUp: 'set lease_until = cafe24.clock()',
} as const;
/** `begin` and `begun` are the first and the last words of the transaction of lease and decision. */
export type Place = keyof typeof PLACES | 'begin' | 'begun';

/** Whoever is the first there waits for the commits of the others, which are not to meet it. */
const AFTER_COMMIT: ReadonlySet<Place | undefined> = new Set<Place>(['mark', 'giveUp']);

interface CannedAnswer {
  readonly status: number;
  readonly body: string;
}

const ROLE_PASSWORD = 'fault-app';

/**
 * The exchange function's real handler between a real Postgres behind a proxy, the scripted Cafe24
 * over HTTP, and a bus and an escrow that can be away.
 */
export class FaultStage {
  cafe24!: Cafe24Control;
  proxy!: TcpProxy;
  test!: TestDatabase;
  escrow = inMemoryEscrow<Cafe24Grant>();
  published: OutcomeEvent[] = [];
  /** Those that are configured; all without it. */
  malls: ReadonlySet<string> | undefined;
  isBusAway = false;
  isEscrowAway = false;
  secret = application.clientSecret;
  redirectUri = application.redirectUri;
  apiUrl = '';
  /** Connections to a host that nobody may contact. */
  contacts = 0;
  elsewhere = '';
  #server!: RunningCafe24;
  #canned!: HttpServer;
  #cannedAnswer: CannedAnswer = { status: 500, body: '' };
  #bystander!: Server;
  #databases: Database[] = [];
  /** Whom the handler's connections belong to. */
  #role = '';

  constructor() {
    beforeAll(() => this.#open());
    afterEach(async () => {
      await this.heal();
      this.escrow.held.clear();
    });
    afterAll(() => this.#close());
  }

  async #open(): Promise<void> {
    this.test = await createTestDatabase(inject('localAws').postgres);
    const { PGHOST: host, PGPORT: port } = this.test.config;
    this.proxy = await startTcpProxy({ host, port });
    this.#server = await startCafe24Provider(application);
    this.cafe24 = cafe24Control(this.#server.controlUrl);
    this.apiUrl = this.#server.apiUrl;
    this.#canned = createHttpServer((_, response) => {
      const { status, body } = this.#cannedAnswer;
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    }).listen(0, '127.0.0.1');
    this.#bystander = createServer((socket) => {
      this.contacts += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => this.#bystander.once('listening', resolve));
    this.elsewhere = `http://127.0.0.1:${String((this.#bystander.address() as AddressInfo).port)}/`;
    // A role is the whole server's: other runs have theirs.
    this.#role = `${this.test.config.PGDATABASE}_app`;
    await this.test.sql(`create role ${this.#role} login password '${ROLE_PASSWORD}'`);
    for (const grant of [
      'usage on schema cafe24',
      'all on all tables in schema cafe24',
      'all on all sequences in schema cafe24',
    ]) {
      await this.test.sql(`grant ${grant} to ${this.#role}`);
    }
  }

  async #close(): Promise<void> {
    await Promise.all(this.#databases.map((database) => database.end().catch(() => undefined)));
    await this.proxy.stop();
    await this.#server.stop();
    this.#bystander.close();
    this.#canned.close();
    await this.test.sql(`drop owned by ${this.#role}`);
    await this.test.sql(`drop role ${this.#role}`);
    await this.test.drop();
  }

  /** All is well again, also for the next test. */
  async heal(): Promise<void> {
    this.proxy.set('open');
    this.malls = undefined;
    this.isBusAway = false;
    this.isEscrowAway = false;
    this.secret = application.clientSecret;
    this.redirectUri = application.redirectUri;
    this.apiUrl = this.#server.apiUrl;
    await this.cafe24.heal('*');
    await this.test.sql(`alter role ${this.#role} connection limit -1`);
    await this.test.sql(`alter role ${this.#role} reset default_transaction_read_only`);
  }

  /** Cafe24 answers with these words, whatever it is asked. */
  answerWith(status: number, body: object): void {
    this.#cannedAnswer = { status, body: JSON.stringify(body) };
    const { port } = this.#canned.address() as AddressInfo;
    this.apiUrl = `http://127.0.0.1:${String(port)}/{mallId}`;
  }

  /** Whoever connects from now on meets the setting; those that are connected are sent away. */
  async alterRole(setting: string): Promise<void> {
    await this.test.sql(`alter role ${this.#role} ${setting}`);
    await this.test.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${this.#role}'`,
    );
  }

  /** Two malls whose admins have just agreed: one new, one with a grant. */
  async travellers({ isInline = false }: { isInline?: boolean } = {}): Promise<Traveller[]> {
    const ids = ['new', 'known'].map((kind) => `${kind}-${randomUUID().slice(0, 8)}`);
    await this.test.sql(
      `insert into cafe24.oauth_tokens (mall_id, access_token, expires_at, refresh_token)
       values ($1, 'a', now() + interval '1 h', 'r')`,
      [ids[1]],
    );
    return await Promise.all(ids.map((mallId) => this.#traveller(mallId, isInline)));
  }

  async #traveller(mallId: string, isInline: boolean): Promise<Traveller> {
    const code = await this.cafe24.issueCode(mallId);
    const before = await this.row(mallId);
    if (isInline) return { mallId, codeId: undefined, detail: { mallId, code }, before };
    const [row] = await this.test.sql(
      'insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, $2) returning id',
      [mallId, code],
    );
    const codeId = String(row?.['id']);
    return { mallId, codeId, detail: { mallId, codeId }, before };
  }

  /**
   * One invocation with all of them.
   *
   * @param at what happens right before the statement of a place.
   * @returns the fate of each message, in their order.
   * @throws Error no statement came to the place.
   */
  async deliver(
    travellers: readonly Pick<Traveller, 'detail'>[],
    at: { place?: Place; lifeMs?: number; happens?: () => Promise<void> } = {},
  ): Promise<readonly unknown[]> {
    const queue = fakeQueueMessages();
    let isReached = at.place === undefined;
    const happens = async () => {
      isReached = true;
      await at.happens?.();
    };
    const handler = exchangeHandler({
      database: await this.#databaseThat({ ...at, commits: travellers.length, happens }),
      provider: this.#provider(),
      escrow: {
        ...this.escrow,
        put: (attempt, save) =>
          this.isEscrowAway ? Promise.reject(new Error('away')) : this.escrow.put(attempt, save),
        read: (attemptId) =>
          this.isEscrowAway ? Promise.reject(new Error('away')) : this.escrow.read(attemptId),
      },
      bus: { publish: (event) => this.#publish(event) },
      queue,
      redirectUri: this.redirectUri,
      malls: this.malls,
    });
    const records = travellers.map(({ detail }, index) =>
      codeRecord(detail, { messageId: String(index) }),
    );
    await handler.invoke(records, at.lifeMs ?? 20_000);
    if (!isReached) throw new Error(`No statement came to the place ${String(at.place)}.`);
    const fates = handler.log.lines.filter(({ fields }) => fields['fate'] !== undefined);
    return records.map(
      ({ messageId }) => fates.find(({ fields }) => fields['messageId'] === messageId)?.fields,
    );
  }

  /** Whoever has one lives no more. */
  async endLeases(): Promise<void> {
    await this.test.sql(`update cafe24.token_attempts set lease_until = now() - interval '1 s'`);
  }

  /** As the scheduled function does it, when everybody's lease is over. */
  async recover(): Promise<void> {
    await this.endLeases();
    await this.test.sql(
      `update cafe24.token_attempts set finished_at = finished_at - interval '1 min'`,
    );
    await cafe24Pipeline({
      database: this.test.database,
      provider: this.#provider(),
      escrow: this.escrow,
      bus: { publish: (event) => this.#publish(event) },
      deadline: { remainingMs: () => 60_000 },
    }).recover();
  }

  async row(mallId: string): Promise<Record<string, unknown> | undefined> {
    const [row] = await this.test.sql('select * from cafe24.oauth_tokens where mall_id = $1', [
      mallId,
    ]);
    return row;
  }

  async codeStatus(mallId: string): Promise<unknown> {
    const [row] = await this.test.sql(
      'select status from cafe24.oauth_authorization_codes where mall_id = $1',
      [mallId],
    );
    return row?.['status'] ?? 'not stored';
  }

  eventsOf(mallId: string): readonly OutcomeEvent[] {
    return this.published.filter(({ detail }) => detail['mallId'] === mallId);
  }

  #publish(event: OutcomeEvent): Promise<void> {
    if (this.isBusAway) return Promise.reject(new PublishFailedError('away'));
    this.published.push(event);
    return Promise.resolve();
  }

  #provider() {
    const clientSecret = { read: () => Promise.resolve(this.secret), forget: () => undefined };
    return cafe24Provider(
      { apiUrl: this.apiUrl, clientId: application.clientId, clientSecret },
      { clock: systemClock, log: recordingLog() },
    );
  }

  async #databaseThat({
    place,
    commits,
    happens,
  }: {
    place?: Place;
    commits: number;
    happens: () => Promise<void>;
  }): Promise<Database> {
    const config = { ...this.test.config, PGPORT: this.proxy.port, PGUSER: this.#role };
    const real = postgresDatabase(config, fixedSecret(ROLE_PASSWORD), recordingLog());
    this.#databases.push(real);
    // As in a sandbox that has worked before: connections stand, one for each traveller.
    const nap = { text: 'select pg_sleep(0.02)', values: [], row: z.unknown() };
    if (place !== undefined) await Promise.all([real.run(nap), real.run(nap)]);
    // Once, and whoever comes to the place meanwhile meets it as well.
    let happening: Promise<void> | undefined;
    let committed = 0;
    const happensInTime = async () => {
      if (AFTER_COMMIT.has(place)) await vi.waitUntil(() => committed >= commits, { interval: 2 });
      await happens();
    };
    const reach = async (isThePlace: boolean) => {
      if (isThePlace) await (happening ??= happensInTime());
    };
    const words =
      place === undefined || place === 'begin' || place === 'begun' ? undefined : PLACES[place];
    const watched = (run: Database['run']) =>
      (async (statement: Parameters<Database['run']>[0]) => {
        await reach(words !== undefined && statement.text.includes(words));
        const rows = await run(statement);
        if (statement.text.includes(PLACES.commit)) committed += rows.length;
        return rows;
      }) as Database['run'];
    return {
      ...real,
      run: watched((statement) => real.run(statement)),
      runFresh: watched((statement) => real.runFresh(statement)),
      transaction: async (work) => {
        await reach(place === 'begin');
        return await real.transaction(async (run) => {
          const result = await work(watched(run));
          await reach(place === 'begun');
          return result;
        });
      },
    };
  }
}
