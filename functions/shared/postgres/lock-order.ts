/**
 * The rows of each table that a statement changes, in the one order in which all statements lock
 * them: by mall. Two that lock what they share in the same order wait for each other; in opposite
 * orders they would deadlock. A statement that changes rows of several tables does so in the order
 * in which these stand here, but for what a trigger changes (a token's schedule): a deadlock that
 * comes of that is a lock's time-out to us, and repeated.
 */
const KEYS = {
  oauth_tokens: ['mall_id'],
  token_attempts: ['mall_id', 'attempt_id'],
  oauth_authorization_codes: ['mall_id', 'code'],
  refresh_schedule: ['mall_id'],
} as const;

/**
 * The end of a query whose rows are to be changed by the same statement: it locks them in order.
 * An update alone locks its rows in whatever order its plan finds them.
 *
 * @param alias of the table, where the query reads others too.
 */
export function inLockOrder(table: keyof typeof KEYS, alias?: string): string {
  const keys = KEYS[table].map((key) => (alias === undefined ? key : `${alias}.${key}`));
  const rows = `order by ${keys.join(', ')}`;
  // As an update of other columns locks them: an insert that refers to a code need not wait.
  return `${rows} for no key update${alias === undefined ? '' : ` of ${alias}`}`;
}
