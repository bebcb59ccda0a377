import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JWTPayload,
  type RemoteJWKSetOptions,
} from 'jose';
import { z } from 'zod';
import { DependencyUnavailableError } from '../errors.ts';
import { AuthenticationError } from '../http/errors.ts';

/** Whom a verified token names. */
export interface Caller {
  /** Cognito's `sub`: a UUID, no name and no e-mail address. */
  readonly subject: string;
}

export interface TokenVerifier {
  /**
   * @param authorization the request's Authorization header: `Bearer <token>`.
   * @throws {@link AuthenticationError} (401) there is no token, or it is not to be trusted.
   * @throws {@link DependencyUnavailableError} (503) the issuer's keys can not be fetched; the
   *   token may be perfect.
   */
  verify(authorization: string | undefined): Promise<Caller>;
}

export interface TrustedTokens {
  /** Each `iss` that the pool's tokens may have; its keys are at `{issuer}/.well-known/jwks.json`. */
  readonly issuers: readonly string[];
  readonly clientId: string;
  readonly tokenUse: 'id' | 'access';
}

/** What jose says of a token that is at fault; everything else it throws is about the keys. */
const FAULTS_OF_THE_TOKEN = new Set<string>([
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JWTInvalid.code,
  errors.JWTExpired.code,
  errors.JWTClaimValidationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
]);

const Subject = z.object({ sub: z.string().min(1) });

/**
 * Verifies Cognito's tokens: RS256 by a key of the issuer that they name, not expired (a token without
 * `exp` is none), made by one of these issuers, for this client, of this use.
 *
 * Make it once per process: it keeps the keys for 10 minutes and fetches them for an unknown key at
 * most every 30 s, so a token of a key that was rotated in is refused for that long at worst
 * (jose's documentation, read 2026-11).
 */
export function cognitoTokens(
  trusted: TrustedTokens,
  keyOptions: RemoteJWKSetOptions = {},
): TokenVerifier {
  const keysOf = new Map(
    trusted.issuers.map((issuer) => {
      const url = new URL(`${issuer}/.well-known/jwks.json`);
      return [issuer, createRemoteJWKSet(url, keyOptions)] as const;
    }),
  );
  return {
    async verify(authorization) {
      const token = bearerOf(authorization);
      const issuer = issuerOf(token);
      const keys = keysOf.get(issuer);
      // Before anything is verified: a pool that signs under another name than ours is found by this.
      if (keys === undefined) throw new AuthenticationError('unknown-issuer');
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer,
        requiredClaims: ['exp'],
        ...(trusted.tokenUse === 'id' && { audience: trusted.clientId }),
      }).catch(notVerified);
      assertPurpose(payload, trusted);
      const subject = Subject.safeParse(payload);
      if (!subject.success) throw new AuthenticationError('no-subject');
      return { subject: subject.data.sub };
    },
  };
}

function bearerOf(authorization: string | undefined): string {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new AuthenticationError('no-bearer-token');
  return token;
}

/** What the token says of itself; nothing of it is verified yet. */
function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw new AuthenticationError('no-jwt');
  }
}

/** Cognito's access tokens have no `aud`; they name the client in `client_id`. */
function assertPurpose(payload: JWTPayload, { tokenUse, clientId }: TrustedTokens): void {
  if (payload['token_use'] !== tokenUse) throw new AuthenticationError('wrong-token-use');
  if (tokenUse === 'access' && payload['client_id'] !== clientId) {
    throw new AuthenticationError('wrong-client');
  }
}

function notVerified(thrown: unknown): never {
  if (thrown instanceof errors.JOSEError && FAULTS_OF_THE_TOKEN.has(thrown.code)) {
    throw new AuthenticationError(thrown.code);
  }
  throw new DependencyUnavailableError(
    'jwks-unavailable',
    "The issuer's keys can not be fetched.",
    {
      cause: thrown,
    },
  );
}
