/** Every step of every role, as `role/step`: a full run stops each of them often. */
export const EVERY_STEP: readonly string[] = Object.entries({
  exchange: `store-code transaction take-lease decide commit why-not post commit-grant
    read-finished escrow-put escrow-read escrow-delete close publish mark-published end-lease`,
  refresh: `wish transaction take-lease decide commit why-not post commit-grant
    read-finished escrow-put escrow-read escrow-delete close attempts-of-version mark publish
    mark-published end-lease`,
  authorize: 'issue-state',
  receive: 'spend-state publish',
  announce: 'mark-waiting mark-newest publish-codes confirm-announced',
  warn: 'mark-due publish-warnings confirm-warned count-ending-soon tell-refusals',
  recover: `escrow-list find-dead-attempts find-young-codes find-old-codes find-unpublished
    escrow-read escrow-delete close commit-grant read-finished transaction take-lease decide commit
    why-not publish mark-published prune-attempts prune-codes prune-states`,
}).flatMap(([role, names]) => names.split(/\s+/).map((name) => `${role}/${name}`));

/** How the statements of the functions are called in reports, each by words that only it has. */
const STATEMENTS: readonly (readonly [name: string, ...fragments: string[]])[] = [
  ['stale-read', '/* stale read */'],
  ['begin-late', '/* begin late */'],
  ['take-lease', 'insert into cafe24.token_attempts'],
  ['decide', 'as verdict'],
  ['why-not', 'standing.attempt_id'],
  ['why-not', 'as lease_lives'],
  ['spend-state', 'state_sha256 = $1'],
  ['issue-state', 'insert into cafe24.oauth_states'],
  ['mark-waiting', 'with waiting as'],
  ['mark-newest', 'with newest as'],
  ['confirm-announced', "set announce_again_at = 'infinity'"],
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
  ['prune-states', 'delete from cafe24.oauth_states'],
  ['mark-due', 'for update skip locked'],
  ['confirm-warned', "interval '5 minutes'"],
  ['count-ending-soon', 'as ending'],
  ['tell-refusals', 'set refusals_told_at'],
];

/** @throws Error a statement that this suite does not know: give it a name here. */
export function nameOfStatement(text: string): string {
  const found = STATEMENTS.find(([, ...fragments]) => fragments.every((it) => text.includes(it)));
  if (found === undefined)
    throw new Error(`A statement without a name in the crash suite: ${text}`);
  return found[0];
}
