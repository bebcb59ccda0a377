import type { MallMemory, TokenFamily } from '#test/support/cafe24-provider/memory.ts';
import type { GrantFate } from '../ledger.ts';
import type { Cafe24World } from './world.ts';

/**
 * Why a mall's stored grant is dead. `a` and `b` are the kinds that nothing can prevent; those with
 * names of their own are counted apart; `c` is a fault of ours.
 */
export type Risk =
  | 'a'
  | 'b'
  | 'useless-answer'
  | 'both-stores-down'
  | 'paused-beyond-lease'
  | 'code-reposted'
  | 'revoked-by-mall'
  | 'c';

export const RISKS: Readonly<Record<Risk, string>> = {
  a: '(a) the answer never reached the process',
  b: '(b) the process died before its first durable write',
  c: '(c) anything else',
  'useless-answer': 'apart: an answer that spent the token and brought no grant of use',
  'both-stores-down': 'apart: both stores down until the deadline',
  'paused-beyond-lease': 'apart: a process paused beyond its lease',
  'code-reposted': "apart: a code posted again while a dead process's POST was under way",
  'revoked-by-mall': 'not at risk: the mall removed the application',
};

const EXCUSES: Partial<Record<GrantFate, Risk>> = {
  'under-way': 'a',
  unreached: 'a',
  useless: 'useless-answer',
  'died-unsaved': 'b',
  'both-stores-down': 'both-stores-down',
  paused: 'paused-beyond-lease',
};

interface Loss {
  /** Undefined for a grant that was given up: those are counted each, whatever became of their malls. */
  readonly risk: Risk | undefined;
  readonly why: string;
}

/** Looks from the newest authorization back, for the first that should have lived. */
export function riskOf(world: Cafe24World, memory: MallMemory): Loss {
  const { ledger, weather } = world;
  const killsOld = weather.provider.newAuthorizationRevokesOldFamilies === true;
  const fateOf = (refreshToken: string) => ledger.grants.get(refreshToken)?.fate ?? 'under-way';
  let excused: Risk = 'a';
  for (const family of [...memory.families].reverse()) {
    const fates = family.pairs.map(({ refreshToken }) => fateOf(refreshToken));
    const tip = fates.at(-1) ?? 'under-way';
    if (tip === 'given-up') return { risk: undefined, why: tip };
    excused = EXCUSES[tip] ?? 'c';
    const wasNeverHeld = !fates.includes('saved') && !fates.includes('overtaken');
    if (excused !== 'c' && wasNeverHeld && !killsOld) continue;
    if (excused !== 'c') return { risk: excused, why: `${family.id}: ${tip}` };
    return { risk: riskOfHeld(world, family, memory.mallId), why: `${family.id}: ${tip}` };
  }
  return { risk: excused, why: 'nothing was ever saved' };
}

/** The newest grant of the family was ours, or is nobody's fault but ours. */
function riskOfHeld(world: Cafe24World, family: TokenFamily, mallId: string): Risk {
  const { ledger, repostedFamilies } = world;
  if (family.revokedBecause === 'revoked-by-mall') return 'revoked-by-mall';
  if (repostedFamilies.has(`${mallId}/${family.id}`)) return 'code-reposted';
  const hadZombie = ledger.posts.some((post) => post.subject === mallId && post.process.isZombie);
  return hadZombie ? 'paused-beyond-lease' : 'c';
}
