import { Socket } from 'node:net';
import { postgresDatabase, type Database } from '#shared/postgres/database.ts';
import { fixedSecret } from '#shared/ssm/secret.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { recordingLog } from '#test/support/recording-log.ts';

/** The connections of one process. */
export interface Lane {
  readonly database: Database;
  /** A statement or a transaction is under way. */
  isAtWork(): boolean;
  /** Cuts all its connections as the death of its process does: no farewell to the server. */
  cut(): void;
}

/** As many processes live at once in a burst. */
const MAX_IDLE = 24;

/**
 * Whose call it is during which a socket is opened. pg opens it within the call, before anything is
 * awaited; to follow the call further (AsyncLocalStorage) would slow every promise down.
 */
let opener: Set<Socket> | undefined;
// Sockets are made deep inside pg, so they are caught where every socket goes.
const connect = Reflect.get(Socket.prototype, 'connect') as (...args: unknown[]) => Socket;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  opener?.add(this);
  return connect.apply(this, args);
};

function openedBy<Result>(sockets: Set<Socket>, call: () => Result): Result {
  opener = sockets;
  try {
    return call();
  } finally {
    opener = undefined;
  }
}

/**
 * Lanes to one database. A process that is over gives its lane back, and the next one gets its warm
 * connections, as invocations of one sandbox do.
 *
 * A lane with anything under way is cut and never used again: the server rolls back, or goes on with
 * a statement that still waits for a lock. The death of a process whose connections are idle is
 * nothing that server or successor could see (no function keeps state in a session), so its lane is
 * used again as well: a new session costs as much as thirty statements.
 */
export class Lanes {
  readonly #test: TestDatabase;
  readonly #idle: Lane[] = [];
  readonly #taken = new Set<Lane>();
  #hasCutWork = false;

  constructor(test: TestDatabase) {
    this.#test = test;
  }

  take(): Lane {
    const lane = this.#idle.pop() ?? openLane(this.#test);
    this.#taken.add(lane);
    return lane;
  }

  /** Its process is over, by itself or by force: it asks for nothing any more. */
  leave(lane: Lane): void {
    this.#taken.delete(lane);
    if (!lane.isAtWork() && this.#idle.length < MAX_IDLE) {
      this.#idle.push(lane);
      return;
    }
    this.#hasCutWork ||= lane.isAtWork();
    lane.cut();
  }

  /** The server may still work on what was cut. */
  get hasCutWork(): boolean {
    return this.#hasCutWork;
  }

  /** Whether a statement can wait for a lock at all: that takes two that are under way. */
  get canBlock(): boolean {
    return this.#hasCutWork || [...this.#taken].filter((lane) => lane.isAtWork()).length > 1;
  }

  /** A run is over: nobody asks for anything any more. */
  clear(): void {
    for (const lane of this.#taken) lane.cut();
    this.#taken.clear();
    this.#hasCutWork = false;
  }

  close(): void {
    for (const lane of [...this.#idle, ...this.#taken]) lane.cut();
  }
}

function openLane({ config, password }: TestDatabase): Lane {
  const sockets = new Set<Socket>();
  const real = postgresDatabase(config, fixedSecret(password), recordingLog());
  let underWay = 0;
  const work = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    underWay += 1;
    try {
      const working = openedBy(sockets, call);
      if (sockets.size === 0) throw new Error('pg has opened a socket that nobody saw.');
      return await working;
    } finally {
      underWay -= 1;
    }
  };
  return {
    database: {
      run: (statement) => work(() => real.run(statement)),
      runFresh: (statement) => work(() => real.runFresh(statement)),
      transaction: (steps) => work(() => real.transaction(steps)),
      end: () => real.end(),
    },
    isAtWork: () => underWay > 0,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
