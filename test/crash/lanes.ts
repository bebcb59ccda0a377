import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import { postgresDatabase, type Database } from '#shared/postgres/database.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { recordingLog } from '#test/support/recording-log.ts';

/** The connections of one process. */
export interface Lane {
  readonly database: Database;
  /** Cuts all its connections as the death of its process does: no farewell to the server. */
  cut(): void;
}

const MAX_IDLE = 6;

/** Whose work it is during which a socket is opened. */
const opener = new AsyncLocalStorage<Set<Socket>>();
// Sockets are made deep inside pg, so they are caught where every socket goes.
const connect = Reflect.get(Socket.prototype, 'connect') as (...args: unknown[]) => Socket;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  opener.getStore()?.add(this);
  return connect.apply(this, args);
};

/**
 * Lanes to one database. A process that ends in peace gives its lane back, and the next one gets its
 * warm connections, as invocations of one sandbox do; a lane that was cut is never used again.
 */
export class Lanes {
  readonly #test: TestDatabase;
  readonly #idle: Lane[] = [];

  constructor(test: TestDatabase) {
    this.#test = test;
  }

  take(): Lane {
    return this.#idle.pop() ?? openLane(this.#test);
  }

  giveBack(lane: Lane): void {
    if (this.#idle.length < MAX_IDLE) this.#idle.push(lane);
    else lane.cut();
  }

  close(): void {
    for (const lane of this.#idle) lane.cut();
  }
}

function openLane({ config, password }: TestDatabase): Lane {
  const sockets = new Set<Socket>();
  const real = postgresDatabase(config, () => Promise.resolve(password), recordingLog());
  return {
    database: {
      run: (statement) => opener.run(sockets, () => real.run(statement)),
      runFresh: (statement) => opener.run(sockets, () => real.runFresh(statement)),
      transaction: (work) => opener.run(sockets, () => real.transaction(work)),
      end: () => real.end(),
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
