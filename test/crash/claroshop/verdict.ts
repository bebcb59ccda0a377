import type { GrantFate, IssuedGrant } from '../ledger.ts';
import type { ClaroshopWorld } from './world.ts';

/**
 * Why a grant that ClaroShop issued was never stored. `a` and `b` are the kinds that nothing can
 * prevent; those with names of their own are counted apart; `c` is a fault of ours. Whatever it is,
 * the account's password brings another.
 */
export type Risk =
  | 'a'
  | 'b'
  | 'useless-answer'
  | 'both-stores-down'
  | 'paused-beyond-lease'
  | 'untold-by-paused'
  | 'c';

export const RISKS: Readonly<Record<Risk, string>> = {
  a: '(a) the answer never reached the process',
  b: '(b) the process died before its first durable write',
  c: '(c) anything else',
  'useless-answer': 'apart: an answer that spent the token and brought no grant of use',
  'both-stores-down': 'apart: both stores down until the deadline',
  'paused-beyond-lease': 'apart: a process paused beyond its lease',
  'untold-by-paused': 'apart, stored: its process, paused beyond its lease, died before it told',
};

const EXCUSES: Partial<Record<GrantFate, Risk>> = {
  'under-way': 'a',
  unreached: 'a',
  useless: 'useless-answer',
  'died-unsaved': 'b',
  'both-stores-down': 'both-stores-down',
  paused: 'paused-beyond-lease',
  'given-up': 'c',
};

/** @returns `undefined` for a grant that was stored, or that a newer one had overtaken. */
export function riskOf(world: ClaroshopWorld, { token, fate }: IssuedGrant): Risk | undefined {
  const account = world.chronicle.accountOf(token);
  const letGo = world.chronicle.offences.some((it) => it.kind === 'let-go' && it.token === token);
  if (!letGo && (fate === 'saved' || fate === 'overtaken')) return undefined;
  return EXCUSES[fate] ?? (hadZombie(world, account) ? 'paused-beyond-lease' : 'c');
}

/** Parameter Store has no conditional put: who was paused between its look and its put overwrites. */
export function hadZombie({ ledger, chronicle }: ClaroshopWorld, account: string): boolean {
  return (
    ledger.posts.some(({ subject, process }) => subject === account && process.isZombie) ||
    chronicle.puts.some((put) => put.account === account && put.isByZombie)
  );
}

/**
 * Bundles that nobody was told of. One that was put by a process which was paused beyond its lease,
 * and died before it said so, is of an attempt that others have closed: nobody looks for it.
 */
export function untoldBundles({ chronicle, events }: ClaroshopWorld) {
  const told = new Set(
    events
      .filter(({ detailType }) => detailType === 'TokenIssued' || detailType === 'TokenRefreshed')
      .map(({ detail }) => String(detail['attemptId'])),
  );
  const untold = chronicle.puts.filter(({ attemptId }) => !told.has(attemptId));
  const idsOf = (puts: typeof untold) => [...new Set(puts.map(({ attemptId }) => attemptId))];
  return {
    byPaused: idsOf(untold.filter(({ isByZombie }) => isByZombie)),
    byOthers: idsOf(untold.filter(({ isByZombie }) => !isByZombie)),
  };
}
