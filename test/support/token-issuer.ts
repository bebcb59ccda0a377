import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, type CryptoKey } from 'jose';

const ALGORITHM = 'RS256';

export const CLIENT_ID = 'client-1';

/** Also such as no JWT may have. */
type Claims = Readonly<Record<string, unknown>>;

/** What the issuer answers when it is asked for its keys. */
export type KeysAnswer = 'keys' | 'error' | 'html' | 'reset' | 'silence';

export interface KeyOfIssuer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Makes tokens as Cognito makes them. */
export interface TokenSigner {
  readonly issuer: string;
  readonly clientId: string;
  /** The key that signs now. */
  readonly key: () => KeyOfIssuer;
  /** Claims that a verifier of ID tokens accepts, with these changes; `undefined` takes one out. */
  claims(changes?: Claims): Claims;
  idToken(changes?: Claims): Promise<string>;
  accessToken(changes?: Claims): Promise<string>;
}

/** An issuer of tokens on 127.0.0.1, whose keys and health tests decide. */
export interface TokenIssuer extends TokenSigner {
  /** How often the keys were asked for. */
  readonly fetches: () => number;
  /** From now on tokens are signed with this key, and the old one is no longer published. */
  rotate(next: KeyOfIssuer): void;
  answersWith(answer: KeysAnswer): void;
  close(): Promise<void>;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  let key = await newKey('key-1');
  let keysAnswer: KeysAnswer = 'keys';
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches += 1;
    void answer(response, keysAnswer, key);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}/us-east-1_testpool`;

  return {
    ...tokenSigner({ issuer, clientId: CLIENT_ID, key: () => key }),
    fetches: () => fetches,
    rotate(next) {
      key = next;
    },
    answersWith(answer) {
      keysAnswer = answer;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Whoever has an issuer's key makes tokens that nobody can tell from its own. */
export function tokenSigner(source: Pick<TokenSigner, 'issuer' | 'clientId' | 'key'>): TokenSigner {
  const { issuer, clientId, key } = source;
  const claims = (changes: Claims = {}): Claims => {
    const now = Math.floor(Date.now() / 1000);
    const own = { iss: issuer, aud: clientId, token_use: 'id', sub: 'sender-1' };
    const personal = { email: 'ana@sender.example', 'cognito:username': 'ana' };
    return { ...own, ...personal, iat: now, exp: now + 3600, ...changes };
  };
  const access = { aud: undefined, token_use: 'access', client_id: clientId };
  return {
    ...source,
    claims,
    idToken: (changes) => sign(claims(changes), key()),
    accessToken: (changes) => sign(claims({ ...access, ...changes }), key()),
  };
}

function sign(claims: Claims, { kid, privateKey }: KeyOfIssuer): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid }).sign(privateKey);
}

export async function newKey(kid: string): Promise<KeyOfIssuer> {
  return { kid, ...(await generateKeyPair(ALGORITHM, { extractable: true })) };
}

async function answer(
  response: ServerResponse,
  keysAnswer: KeysAnswer,
  { kid, publicKey }: KeyOfIssuer,
): Promise<void> {
  switch (keysAnswer) {
    case 'keys': {
      const jwk = await exportJWK(publicKey);
      // Without Cognito's `alg`, so that nothing but the verifier itself insists on RS256.
      const keys = [{ ...jwk, kid, use: 'sig' }];
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
      return;
    }
    case 'error':
      response.writeHead(500).end('{}');
      return;
    case 'html':
      response.setHeader('content-type', 'text/html').end('<html>maintenance</html>');
      return;
    case 'reset':
      response.destroy();
      return;
    case 'silence':
      return;
  }
}

/** Tokens that nobody may accept as an ID token of the issuer, by what is wrong with them. */
export async function forgedTokens(issuer: TokenSigner): Promise<Readonly<Record<string, string>>> {
  const { kid, privateKey, publicKey } = issuer.key();
  const now = Math.floor(Date.now() / 1000);
  const unsigned = (header: object) => `${encode({ kid, ...header })}.${encode(issuer.claims())}.`;
  const publicPem = new TextEncoder().encode(await exportSPKI(publicKey));
  const good = await issuer.idToken();
  const [header, , signature] = good.split('.');
  return {
    'another key under the same kid': await sign(issuer.claims(), await newKey(kid)),
    'a kid that nobody knows': await sign(issuer.claims(), await newKey('key-unknown')),
    'alg none': unsigned({ alg: 'none' }),
    'alg None': unsigned({ alg: 'None' }),
    'HS256 with the public key': await new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(publicPem),
    'RS512 with the right key': await new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'RS512', kid })
      .sign(await importJWK(await exportJWK(privateKey), 'RS512')),
    'other claims under the signature': [
      header,
      encode(issuer.claims({ sub: 'x' })),
      signature,
    ].join('.'),
    'no signature': good.slice(0, good.lastIndexOf('.') + 1),
    expired: await issuer.idToken({ exp: now - 1 }),
    'no exp': await issuer.idToken({ exp: undefined }),
    'exp as text': await issuer.idToken({ exp: '9999999999' }),
    'not valid yet': await issuer.idToken({ nbf: now + 600 }),
    'another pool': await issuer.idToken({ iss: `${issuer.issuer}2` }),
    'no issuer': await issuer.idToken({ iss: undefined }),
    'another client': await issuer.idToken({ aud: 'client-2' }),
    'no client': await issuer.idToken({ aud: undefined }),
    'access for ID': await issuer.accessToken(),
    'access for ID with an audience': await issuer.accessToken({ aud: issuer.clientId }),
    'no use': await issuer.idToken({ token_use: undefined }),
    'no subject': await issuer.idToken({ sub: undefined }),
    'a critical header': `${encode({ alg: ALGORITHM, kid, crit: ['x'], x: 1 })}.${encode(issuer.claims())}.AAAA`,
    'no token at all': 'good',
    'three dots': '...',
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
