import { createHash } from 'node:crypto';
import type { Violation } from '../flow.ts';
import type { CrashDatabase } from './crash-database.ts';
import { say } from './violations.ts';
import type { Cafe24World } from './world.ts';

/** What became of the codes that browsers brought, and of those that were announced. */
export async function judgeCodes({
  states,
  announced,
  database,
}: Cafe24World): Promise<Violation[]> {
  const rows = await database.sql('select code from cafe24.oauth_authorization_codes');
  const stored = new Set(rows.map(({ code }) => code));
  const violations = announced.offences.map((text) => say('announced-again', text));
  const spent = await spentStates(database);
  for (const [state, { codes, accepted }] of states.all) {
    const kept = [...codes].filter((code) => stored.has(code)).length;
    if (kept > 1) violations.push(say('state-spent-twice', `${kept} codes of one state`));
    const lost = [...accepted].filter((code) => !stored.has(code));
    violations.push(...lost.map(() => say('code-lost', 'accepted, and not stored')));
    if (kept === 0 && accepted.size === 0 && spent.has(sha256(state))) {
      violations.push(say('state-spent-in-vain', 'the browser can show it no more'));
    }
  }
  return violations;
}

/** Those that were removed before they expired, as hashes. */
async function spentStates(database: CrashDatabase): Promise<ReadonlySet<string>> {
  const rows = await database.sql(`
    select encode(state_sha256, 'hex') as hash from crash.gone_states
     where expires_at > to_timestamp(gone_ms::bigint / 1000.0)`);
  return new Set(rows.map(({ hash }) => String(hash)));
}

function sha256(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}
