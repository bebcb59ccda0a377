import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What the proxy does to connections, those that stand and those that come. */
export type Wire =
  | 'open'
  /** Cut, and refused. */
  | 'away'
  /** Requests arrive; what the server answers is 2 s late. */
  | 'slow'
  /** Requests arrive; the connection is cut instead of their answers, and new ones work. */
  | 'cut-answers';

const SLOW_MS = 2_000;

export interface TcpProxy {
  readonly port: number;
  set(wire: Wire): void;
  /** Cuts what stands; new connections work. */
  cut(): void;
  stop(): Promise<void>;
}

/** Stands before a server on 127.0.0.1 and takes its connections away. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let wire: Wire = 'open';
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    if (wire === 'away') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target.port, target.host);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const isNew = wire === 'cut-answers';
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      if (wire === 'cut-answers' && !isNew) destroy(pair);
      else if (wire === 'slow') setTimeout(() => client.write(bytes), SLOW_MS);
      else client.write(bytes);
    });
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.end();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const pair of pairs) destroy(pair);
  };
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      wire = next;
      if (next === 'away') cut();
    },
    cut,
    stop: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function destroy(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.destroy();
}
