/**
 * What values mean that other software writes into the two tables which it may share with us. Here is
 * the rule for each column that it fills; every other column is ours alone.
 *
 * | `cafe24.oauth_tokens` | which values count | empty, or none of these |
 * |---|---|---|
 * | `mall_id` | a mall id to the letter (`events/mall-id.ts`) | left out by the sweep, and told |
 * | `access_token` | any text; a change is a new grant | not looked at |
 * | `refresh_token` | more than blanks, no control characters (`redeem.ts`) | dead: it is asked for reauthorization, and nothing is posted |
 * | `expires_at` | any instant before the year 9999 | later, `infinity`: due 2 h after it was written |
 * | `refresh_token_expires_at` | any instant: only counted | `infinity`: does not end soon |
 * | `client_id` | the owner, whatever its letter case and the blanks around it | ours |
 * | `status` | `active`, in any letter case and with blanks around it | a mark: tried silently after 1 h and 24 h |
 * | `user_id`, `scopes`, `token_type`, `issued_at`, `updated_at` | anything | not looked at |
 *
 * | `cafe24.oauth_authorization_codes` | which values count | none of these |
 * |---|---|---|
 * | `mall_id` | a mall that is served, to the letter | left alone |
 * | `code` | more than blanks, no control characters (`redeem.ts`) | `rejected`, and nothing is posted |
 * | `created_at` | only at adoption, as the code's arrival | |
 *
 * A time has a zone, or the table is not adopted (`adoption.ts`).
 */

/**
 * Whether a grant is ours to refresh: only the client that got a refresh token can redeem it (RFC
 * 6749, section 6), and Cafe24 would call that of another software, which shares the table, dead.
 *
 * Client ids are random texts, so that two which differ in letter case alone are one, told by software
 * that changes it; Cafe24's own answers have done so (2026-11).
 *
 * @param token alias of `cafe24.oauth_tokens`.
 * @param parameter our client id; null = every grant is ours.
 */
export function ofClient(token: string, parameter: string): string {
  return `coalesce(nullif(lower(btrim(${token}.client_id)), '') = lower(btrim(${parameter})), true)`;
}

/** @param token alias of `cafe24.oauth_tokens`, or of a query that has its `status`. */
export function isActive(token: string): string {
  return `coalesce(lower(btrim(${token}.status)) = 'active', false)`;
}
