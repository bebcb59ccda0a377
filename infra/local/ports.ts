import net from 'node:net';

/** As Node, Python and Postgres say that somebody else has the port. */
const TAKEN = /EADDRINUSE|address already in use/i;

/**
 * Starts something on a port of 127.0.0.1 that nobody listens on: `usual` when it is free, else any.
 *
 * Somebody else may take the port between the look and the listening, e.g. another local AWS that
 * starts in the same moment: then it is started again, on another port.
 *
 * @throws Error it failed for another reason, or five times for this one.
 */
export async function onFreePort<Started>(
  usual: number,
  start: (port: number) => Promise<Started>,
  startsLeft = 5,
): Promise<Started> {
  const port = await freePort(usual);
  try {
    return await start(port);
  } catch (error) {
    if (startsLeft === 1 || !saysTaken(error)) throw error;
    return onFreePort(usual, start, startsLeft - 1);
  }
}

function saysTaken(error: unknown): boolean {
  return error instanceof Error && TAKEN.test(error.message);
}

/** A port on 127.0.0.1 that nobody listens on now: `usual` when it is free, else any. */
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
