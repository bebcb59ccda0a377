import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postForm } from '#shared/oauth/post-form.ts';

const GRANT = JSON.stringify({ access_token: 'access', refresh_token: 'refresh' });

/** Says the bytes to whoever asks, and hangs up. */
let bytes: Buffer;
let server: Server;
let url: URL;
beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/token`);
});
afterEach(() => {
  server.close();
});

function says(body: Buffer, length = body.length): void {
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  bytes = Buffer.concat([Buffer.from(head), body]);
}
const post = () => postForm({ url, form: { code: 'a-code' }, timeoutMs: 5_000 });

describe('an answer over a connection', () => {
  it('that ends before its Content-Length is none, also where its JSON is whole', async () => {
    says(Buffer.from(GRANT), GRANT.length + 1);
    expect(await post()).toEqual({ kind: 'unknown', reason: 'connection-lost' });
  });

  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(GRANT)],
    ['UTF-8 with a mark', Buffer.from(`\u{FEFF}${GRANT}`)],
    ['UTF-16LE with a mark', Buffer.from(`\u{FEFF}${GRANT}`, 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from(`\u{FEFF}${GRANT}`, 'utf16le').swap16()],
  ])('is read in %s', async (_, body) => {
    says(body);
    expect(await post()).toMatchObject({ kind: 'answered', body: JSON.parse(GRANT) as object });
  });
});
