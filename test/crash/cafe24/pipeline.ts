import type { Dependencies as Exchange } from '#functions/exchange-cafe24-code/dependencies.ts';
import { exchangeCafe24Code } from '#functions/exchange-cafe24-code/exchange-cafe24-code.ts';
import type { Dependencies as Recover } from '#functions/recover-cafe24-grants/dependencies.ts';
import { recoverCafe24Grants } from '#functions/recover-cafe24-grants/recover-cafe24-grants.ts';
import type { Dependencies as Refresh } from '#functions/refresh-cafe24-token/dependencies.ts';
import { refreshCafe24Token } from '#functions/refresh-cafe24-token/refresh-cafe24-token.ts';
import { warnCafe24Expiry } from '#functions/warn-cafe24-expiry/warn-cafe24-expiry.ts';
import type { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { PublishFailedError } from '#shared/errors.ts';
import type {
  Attempts,
  CodeGrantType,
  Escrow,
  OutcomeEvent,
  Tokens,
} from '#shared/grants/ports.ts';
import { postgresAttempts } from '#shared/postgres/attempts.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import type { Database } from '#shared/postgres/database.ts';
import { postgresExchangedTokens } from '#shared/postgres/exchanged-tokens.ts';
import { postgresRefreshAttempts } from '#shared/postgres/refresh-attempts.ts';
import { postgresRefreshedTokens } from '#shared/postgres/refreshed-tokens.ts';
import { postgresRemains } from '#shared/postgres/remains.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import type { Message } from '#shared/sqs/message.ts';
import { simulatedCafe24 } from './simulated-cafe24.ts';
import { Line } from '../line.ts';
import type { Lane } from './lanes.ts';
import type { SimulatedProcess } from '../simulated-process.ts';
import { steppedDatabase } from './stepped-database.ts';
import type { Weather } from './weather.ts';
import type { Cafe24World } from './world.ts';

/** A rule of the protocol that is taken out, to see that the suite notices. */
export interface Ablation {
  /** Changes what the functions ask of the database. */
  readonly database?: (database: Database) => Database;
  readonly escrow?: (escrow: Escrow<Cafe24Grant>) => Escrow<Cafe24Grant>;
  readonly attempts?: <It extends Attempts>(attempts: It, stores: AblationStores) => It;
  /** What arrives on the bus of what a function publishes. */
  readonly bus?: (event: OutcomeEvent) => readonly OutcomeEvent[];
  /** Run once on the database of the ablation. */
  readonly sql?: string;
  readonly weather?: (weather: Weather) => Weather;
  /** Something that happens in the world, besides; told after all else is scheduled. */
  readonly plant?: (world: Cafe24World, healMs: number) => void;
}

export interface AblationStores {
  readonly escrow: Escrow<Cafe24Grant>;
  readonly tokens: Readonly<Record<CodeGrantType, Tokens<Cafe24Grant>>>;
}

/** Nobody to wait for: a process has one record, and real time stands still while it gathers. */
const atOnce = queueMicrotask;

/** The Cafe24 functions in one process, each of whose calls is a step. */
export interface Cafe24Process {
  readonly simulated: SimulatedProcess<Cafe24World>;
  start(work: () => Promise<unknown>): Promise<void>;
  exchange(message: Message<AuthorizationCodeArrived>): Promise<string>;
  refresh(message: Message<Cafe24ExpiryWarning>): Promise<string>;
  warn(): Promise<unknown>;
  recover(): Promise<unknown>;
}

export function cafe24Process(simulated: SimulatedProcess<Cafe24World>, lane: Lane): Cafe24Process {
  const { world } = simulated;
  const line = new Line(simulated);
  const { ablation } = world;
  const same = <It>(it: It) => it;
  const grants = new Map<string, number>();
  const stepped = steppedDatabase(lane.database, line, ({ text, values }, rows) => {
    if (!text.includes('$11::jsonb')) return;
    const [token = ''] = values[3] as string[];
    const [row] = rows as { outcome?: string }[];
    if (row?.outcome === 'overtaken') world.ledger.overtaken(token);
    else if (row !== undefined) {
      world.ledger.saved(token);
      const granted = grants.get(token);
      if (granted !== undefined) {
        const isAfterFault = world.ledger.isFaulted(simulated);
        world.windows.push({ ms: line.worked() - granted, isAfterFault });
      }
      grants.delete(token);
    }
  });
  const database = (ablation.database ?? same)(stepped);
  const bareEscrow = steppedEscrow(line);
  const escrow = (ablation.escrow ?? same)(bareEscrow);
  const tokens = {
    authorization_code: postgresExchangedTokens(database, atOnce),
    refresh_token: postgresRefreshedTokens(database, atOnce),
  };
  const ablateAttempts = <It extends Attempts>(attempts: It) =>
    ablation.attempts?.(attempts, { escrow: bareEscrow, tokens }) ?? attempts;
  const provider = simulatedCafe24(line, ({ refreshToken }) => {
    grants.set(refreshToken, line.worked());
  });
  const log = world.log;
  const deadline = { remainingMs: () => simulated.remainingMs() };
  const common = {
    provider,
    bus: { publish: (event: OutcomeEvent) => line.call(publishing(line, 'publish', [event])) },
    clock: () => world.scheduler.now,
    newId: () => simulated.random.uuid(),
    once: (_key: string, work: () => Promise<string>) => work(),
  };
  const pause = (ms: number) => line.turn(ms);
  const codes = postgresAuthorizationCodes(database, atOnce);
  const exchange: Exchange = {
    ...common,
    malls: { has: () => true } as unknown as ReadonlySet<string>,
    redirectUri: 'https://tokenline.example/cafe24/callback',
    codes,
    attempts: ablateAttempts(postgresAttempts(database, atOnce)),
    stores: { tokens: tokens.authorization_code, escrow, pause },
  };
  const refresh: Refresh = {
    ...common,
    attempts: ablateAttempts(postgresRefreshAttempts(database, atOnce)),
    stores: { tokens: tokens.refresh_token, escrow, pause },
  };
  const recover: Recover = {
    ...common,
    ...{ codes, tokens, escrow, log },
    remains: postgresRemains(database),
    attempts: ablateAttempts(postgresAttempts(database, atOnce)),
  };
  const context = { log, deadline };
  return {
    simulated,
    start: (work) => line.start(work),
    exchange: (message) => exchangeCafe24Code({ message, context, dependencies: exchange }),
    refresh: (message) => refreshCafe24Token({ message, context, dependencies: refresh }),
    warn: () =>
      warnCafe24Expiry(deadline, {
        ...common,
        schedule: postgresSchedule(database),
        bus: { publishAll: (events) => line.call(publishing(line, 'publish-warnings', events)) },
        metrics: { gauge: () => undefined },
      }),
    recover: () => recoverCafe24Grants(deadline, recover),
  };
}

function publishing(line: Line<Cafe24World>, name: string, events: readonly OutcomeEvent[]) {
  return {
    ...{ name, place: 'bus' as const },
    failure: (cause: string) => new PublishFailedError(`Simulated: bus ${cause}.`),
    perform: () => {
      const { world } = line.process;
      const arrives = world.ablation.bus ?? ((event: OutcomeEvent) => [event]);
      for (const event of events.flatMap(arrives)) world.published(event);
      return Promise.resolve();
    },
  };
}

function steppedEscrow(line: Line<Cafe24World>): Escrow<Cafe24Grant> {
  const { world } = line.process;
  const { escrow, ledger } = world;
  const place = 'escrow';
  return {
    put: (attempt, save) =>
      line.call({
        ...{ name: 'escrow-put', place },
        perform: async () => {
          await escrow.put(attempt, save);
          ledger.saved(save.grant.refreshToken);
        },
      }),
    read: (id) => line.call({ name: 'escrow-read', place, perform: () => escrow.read(id) }),
    delete: (id) => line.call({ name: 'escrow-delete', place, perform: () => escrow.delete(id) }),
    list: (onUnreadable) =>
      line.call({ name: 'escrow-list', place, perform: () => escrow.list(onUnreadable) }),
  };
}
