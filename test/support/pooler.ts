import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** Beginning of the message in which a server tells its process: `K`, and a length of 12. */
const BACKEND_KEY = Buffer.from([0x4b, 0, 0, 0, 12]);
const MADE_UP_PID = 77;
/** Let in, process 77, ready (PostgreSQL's protocol 3.0, "message formats", read 2026-11). */
const GREETING = Buffer.concat([
  Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]),
  Buffer.from([...BACKEND_KEY, 0, 0, 0, MADE_UP_PID, 0, 0, 0, 1]),
  Buffer.from([0x5a, 0, 0, 0, 5, 0x49]),
]);
const TERMINATE = 0x58;

export interface Pooler {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Stands between clients and a Postgres as poolers do: it names a process of its own, and by
 * `transaction` all clients share one session, each statement of which goes to who asked last.
 */
export async function startPooler(
  target: { readonly host: string; readonly port: number },
  pooling: 'session' | 'transaction',
): Promise<Pooler> {
  const sockets = new Set<Socket>();
  let shared: Socket | undefined;
  let asker: Socket | undefined;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy());
  };
  const newUpstream = (client: Socket) => {
    const upstream = keep(connect(target.port, target.host));
    return upstream.on('data', (bytes) => {
      (pooling === 'transaction' ? asker : client)?.write(withMadeUpPid(bytes));
    });
  };
  const server = createServer((client) => {
    const isFirst = shared === undefined;
    const upstream =
      pooling === 'transaction' ? (shared ??= newUpstream(client)) : newUpstream(client);
    let isGreeted = pooling === 'session' || isFirst;
    keep(client).on('data', (bytes) => {
      asker = client;
      if (!isGreeted) client.write(GREETING);
      else if (bytes[0] === TERMINATE) client.end();
      else upstream.write(bytes);
      isGreeted = true;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function withMadeUpPid(bytes: Buffer): Buffer {
  const at = bytes.indexOf(BACKEND_KEY);
  if (at >= 0) bytes.writeUInt32BE(MADE_UP_PID, at + BACKEND_KEY.length);
  return bytes;
}
