import net from 'node:net';

/** A port on 127.0.0.1 that nobody listens on: `usual` when it is free, else any. */
export async function freePort(usual: number): Promise<number> {
  const port = (await listenBriefly(usual)) ?? (await listenBriefly(0));
  if (port === undefined) throw new Error('No port on 127.0.0.1 is free.');
  return port;
}

async function listenBriefly(port: number): Promise<number | undefined> {
  const server = net.createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
    });
  } catch {
    return undefined;
  }
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : undefined;
}

/** Whether somebody accepts connections on the port of 127.0.0.1, within 10 s. */
export async function isListening(port: number): Promise<boolean> {
  const socket = net.connect({ port, host: '127.0.0.1', timeout: 10_000 });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true);
      });
      for (const event of ['error', 'timeout']) {
        socket.once(event, () => {
          resolve(false);
        });
      }
    });
  } finally {
    socket.destroy();
  }
}
