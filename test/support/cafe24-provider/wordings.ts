import type { Wording } from '../scripted-provider/wordings.ts';

/** The descriptions of the scripted Cafe24's own refusals. */
export const words = {
  deadRefreshToken: 'Invalid refresh_token',
  unknownCode: 'Invalid authorization code',
  usedCode: 'The authorization code has been used',
  expiredCode: 'The authorization code has expired',
  wrongSecret: 'Invalid client_secret',
  wrongClient: 'Invalid client_id',
  wrongRedirectUri: 'redirect_uri does not match',
  withoutBasic: 'Basic authentication is required',
  unsupportedGrantType: 'The grant_type is not supported',
} as const;

const of = (
  means: Wording['means'],
  ...said: readonly (readonly [status: number, error: string, description?: string])[]
): Wording[] =>
  said.map(([status, error, description]) => ({
    ...{ status, error, means },
    ...(description !== undefined && { description }),
  }));

const { deadRefreshToken, unknownCode, usedCode, expiredCode } = words;

/** Wordings that a refresh token is dead; public clients, the domain facts and RFC 6749 (2026-11). */
export const deadTokenWordings: readonly Wording[] = of(
  'refused',
  [400, 'invalid_grant', deadRefreshToken],
  [401, 'invalid_grant', deadRefreshToken],
  [401, 'invalid_client', deadRefreshToken],
  [400, 'invalid_client', deadRefreshToken],
  [400, 'invalid_request', deadRefreshToken],
  [401, 'invalid_request', 'invalid refresh token.'],
  [400, 'invalid_request', 'The refresh token has expired'],
  [400, 'invalid_client', 'Refresh-Token is revoked'],
  [400, 'invalid_grant'],
  [401, 'invalid_grant', 'whatever'],
  [
    400,
    'invalid_grant',
    'The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
  ],
);

/** The same of a code. */
export const deadCodeWordings: readonly Wording[] = of(
  'refused',
  [400, 'invalid_grant', unknownCode],
  [400, 'invalid_grant', usedCode],
  [400, 'invalid_grant', expiredCode],
  [400, 'invalid_request', unknownCode],
  [400, 'invalid_request', usedCode],
  [400, 'invalid_request', expiredCode],
  [401, 'invalid_client', expiredCode],
  [400, 'invalid_request', 'authorization code has expired'],
  [400, 'invalid_request', 'Authorization_code not found'],
);

/** What is said of us: client, secret, redirect URI, scope, or the request that we make. */
export const ourFaultWordings: readonly Wording[] = of(
  'misconfigured',
  [401, 'invalid_grant', words.wrongSecret],
  [400, 'invalid_grant', words.wrongSecret],
  [400, 'invalid_client', words.wrongSecret],
  [401, 'invalid_client', words.wrongClient],
  [400, 'invalid_client', words.wrongClient],
  [401, 'invalid_client', words.withoutBasic],
  [401, 'invalid_client'],
  [400, 'invalid_client', 'whatever'],
  [400, 'invalid_grant', 'client_id does not match'],
  [400, 'invalid_grant', words.wrongRedirectUri],
  [400, 'invalid_request', words.wrongRedirectUri],
  [400, 'invalid_request', 'redirect_uri mismatch'],
  [400, 'invalid_grant', 'The refresh token was issued to another client'],
  [400, 'unsupported_grant_type', words.unsupportedGrantType],
  [400, 'invalid_scope', 'Scopes are separated by commas'],
  [400, 'unauthorized_client'],
  [405, 'invalid_request', 'Only POST is allowed'],
  [400, 'invalid_request', 'Content-Type must be application/x-www-form-urlencoded'],
  [400, 'invalid_request', 'A parameter is repeated'],
  [400, 'invalid_request', 'grant_type is required'],
  [400, 'invalid_request', 'code is required'],
  [400, 'invalid_request', 'redirect_uri is required'],
  [400, 'invalid_request', 'refresh_token is required'],
);

/** Errors and words that nobody has seen: they may be about anything. */
export const unknownWordings: readonly Wording[] = of(
  'unrecognized',
  [400, 'invalid_request'],
  [400, 'invalid_request', 'Something went wrong'],
  [403, 'access_denied', 'The shop is under maintenance'],
  [400, 'temporarily_unavailable'],
  [400, 'shop_closed', 'Invalid refresh_token'],
);

export const cafe24Wordings = [
  ...deadTokenWordings,
  ...deadCodeWordings,
  ...ourFaultWordings,
  ...unknownWordings,
];
