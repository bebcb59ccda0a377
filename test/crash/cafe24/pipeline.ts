import type { Dependencies as Exchange } from '#functions/exchange-cafe24-code/dependencies.ts';
import { exchangeCafe24Code } from '#functions/exchange-cafe24-code/exchange-cafe24-code.ts';
import type { Dependencies as Recover } from '#functions/recover-cafe24-grants/dependencies.ts';
import { recoverCafe24Grants } from '#functions/recover-cafe24-grants/recover-cafe24-grants.ts';
import type { Dependencies as Refresh } from '#functions/refresh-cafe24-token/dependencies.ts';
import { refreshCafe24Token } from '#functions/refresh-cafe24-token/refresh-cafe24-token.ts';
import { warnCafe24Expiry } from '#functions/warn-cafe24-expiry/warn-cafe24-expiry.ts';
import type { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import type { Deadline } from '#shared/clock.ts';
import type { Attempts, OutcomeEvent } from '#shared/grants/ports.ts';
import { postgresAttempts } from '#shared/postgres/attempts.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import { postgresExchangedTokens } from '#shared/postgres/exchanged-tokens.ts';
import { postgresRefreshAttempts } from '#shared/postgres/refresh-attempts.ts';
import { postgresRefreshedTokens } from '#shared/postgres/refreshed-tokens.ts';
import { postgresRemains } from '#shared/postgres/remains.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import type { Message } from '#shared/sqs/message.ts';
import { application } from '#test/support/cafe24-provider/unplugged.ts';
import { Line } from '../line.ts';
import type { SimulatedProcess } from '../simulated-process.ts';
import { codeFunctions, type CodeFunctions } from './code-functions.ts';
import { GrantWatch } from './grant-watch.ts';
import type { Lane } from './lanes.ts';
import { simulatedCafe24 } from './simulated-cafe24.ts';
import { steppedDatabase } from './stepped-database.ts';
import { publish, steppedEscrow } from './stepped-ports.ts';
import type { Cafe24World } from './world.ts';

/** Nobody to wait for: a process has one record. Commits of grants wait as they do in production. */
const atOnce = queueMicrotask;

/**
 * The Cafe24 functions in one process, each of whose calls is a step. It has one record: what the
 * records of a batch share (statements, calls to the bus, `once`) is not stopped here.
 */
export interface Cafe24Process extends CodeFunctions {
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
  const watch = new GrantWatch(line);
  const stepped = steppedDatabase(lane.database, line, (statement, rows) => {
    watch.statement(statement, rows);
    world.announced.statement(statement);
  });
  const database = ablation.database?.(stepped) ?? stepped;
  const bareEscrow = steppedEscrow(line, watch.escrowed);
  const escrow = ablation.escrow?.(bareEscrow, simulated) ?? bareEscrow;
  const tokens = {
    authorization_code: postgresExchangedTokens(database),
    refresh_token: postgresRefreshedTokens(database),
  };
  const ablateAttempts = <It extends Attempts>(attempts: It) =>
    ablation.attempts?.(attempts, { escrow: bareEscrow, tokens }) ?? attempts;
  const provider = simulatedCafe24(line, watch.onGrant);
  const log = world.log;
  const own: Deadline = { remainingMs: () => simulated.remainingMs() };
  const deadline = ablation.deadline?.(own, simulated) ?? own;
  const common = {
    provider,
    bus: { publish: (event: OutcomeEvent) => publish(line, { name: 'publish', events: [event] }) },
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
    attempts: ablateAttempts(postgresRefreshAttempts(database, atOnce, application.clientId)),
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
        schedule: postgresSchedule(database, application.clientId),
        bus: { publishAll: (events) => publish(line, { name: 'publish-warnings', events }) },
        metrics: { gauge: () => undefined },
      }),
    recover: () => recoverCafe24Grants(deadline, recover),
    ...codeFunctions({ line, database, codes, bus: common.bus }),
  };
}
