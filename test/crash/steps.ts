/** How the statements of the functions are called in reports, each by words that only it has. */
const STATEMENTS: readonly (readonly [name: string, ...fragments: string[]])[] = [
  ['stale-read', '/* stale read */'],
  ['begin-late', '/* begin late */'],
  ['take-lease', 'insert into cafe24.token_attempts'],
  ['decide', 'as verdict'],
  ['why-not', 'standing.attempt_id'],
  ['why-not', 'as lease_lives'],
  ['store-code', 'insert into cafe24.oauth_authorization_codes'],
  ['commit-grant', 'insert into cafe24.oauth_tokens as stored'],
  ['commit-grant', 'update cafe24.oauth_tokens stored'],
  ['mark', "set status = 'reauthorization-required'"],
  ['close', 'closed as ('],
  ['end-lease', 'set lease_until = cafe24.clock()'],
  ['mark-published', 'set published_at = cafe24.clock()'],
  ['read-finished', 'where attempt_id = any($1::uuid[]) and finished_at is not null'],
  ['wish', 'set wish_version = wanted.version'],
  ['attempts-of-version', 'base_version = $2'],
  ['find-dead-attempts', 'order by lease_until limit'],
  ['find-young-codes', 'code.received_at between'],
  ['find-old-codes', 'code.received_at < '],
  ['find-unpublished', 'order by mall_id, attempt_no'],
  ['prune-attempts', 'delete from cafe24.token_attempts old'],
  ['prune-codes', 'delete from cafe24.oauth_authorization_codes old'],
  ['mark-due', 'for update skip locked'],
  ['confirm-warned', "interval '5 minutes'"],
  ['count-ending-soon', 'as ending'],
];

/** @throws Error a statement that this suite does not know: give it a name here. */
export function nameOfStatement(text: string): string {
  const found = STATEMENTS.find(([, ...fragments]) => fragments.every((it) => text.includes(it)));
  if (found === undefined)
    throw new Error(`A statement without a name in the crash suite: ${text}`);
  return found[0];
}
