import { get } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';

const failureOf = (socket: NodeJS.EventEmitter) =>
  new Promise<Error>((resolve) => socket.once('error', resolve));

test.each([
  ['a TCP socket', () => connect(8080, '127.0.0.1')],
  ['a TLS socket', () => connectTls({ host: '127.0.0.1', port: 8080 })],
  ['an HTTP request', () => get('http://127.0.0.1:8080/')],
])('%s fails with an error that says why and names its target', async (_kind, open) => {
  const { message } = await failureOf(open());

  expect(message).toBe('Unit tests have no network; something connects to 127.0.0.1:8080');
});

test('a Unix socket fails too', async () => {
  const { message } = await failureOf(connect('/var/run/nothing.sock'));

  expect(message).toContain('something connects to /var/run/nothing.sock');
});

test('fetch fails with the reason as its cause', async () => {
  await expect(fetch('http://127.0.0.1:8080/')).rejects.toMatchObject({
    cause: { message: expect.stringContaining('Unit tests have no network') as string },
  });
});
