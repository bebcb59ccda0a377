import type { Violation } from '../flow.ts';
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
  for (const { codes, accepted } of states.all.values()) {
    const kept = [...codes].filter((code) => stored.has(code)).length;
    if (kept > 1) violations.push(say('state-spent-twice', `${kept} codes of one state`));
    const lost = [...accepted].filter((code) => !stored.has(code));
    violations.push(...lost.map(() => say('code-lost', 'accepted, and not stored')));
  }
  return violations;
}
