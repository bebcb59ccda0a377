/**
 * Whether a grant is ours to refresh: only the client that got a refresh token can redeem it (RFC
 * 6749, section 6), and Cafe24 would call that of another software, which shares the table, dead.
 * Where no client is named, it counts as ours.
 *
 * @param token alias of `cafe24.oauth_tokens`.
 * @param parameter our client id; null = every grant is ours.
 */
export function ofClient(token: string, parameter: string): string {
  return `coalesce(nullif(${token}.client_id, '') = ${parameter}, true)`;
}
