import type { Violation } from '../flow.ts';
import { hadZombie } from './verdict.ts';
import { say } from './violations.ts';
import type { ClaroshopWorld } from './world.ts';

/** So many refusals are nobody's knowledge before an account may be locked by them without our fault. */
const LOST_BEFORE_LOCK = 2;

/** What was asked with a password, and what is remembered of refused ones. */
export async function judgeCredentials(world: ClaroshopWorld): Promise<Violation[]> {
  const { accounts, chronicle } = world;
  const left = await Promise.all(
    accounts.map(async (account) => {
      const mark = await world.attemptsOf(account).credentialsMark();
      // The late grant of a paused process leaves a mark alone, which may be newer than the grant.
      return mark === undefined || hadZombie(world, account) ? [] : [say('wrong-mark', account)];
    }),
  );
  return [
    ...chronicle.askedAgain.map((account) => say('password-asked-again', account)),
    ...accounts.flatMap((account) => judgeLock(world, account)),
    ...left.flat(),
    ...judgeTold(world),
  ];
}

/** Refusals that no process came to know or could store count for nothing against us. */
function judgeLock({ chronicle, lockedByOthers, locked }: ClaroshopWorld, account: string) {
  if (!locked.has(account) || lockedByOthers.has(account)) return [];
  const lost = chronicle.refusals.filter((it) => it.account === account && !it.isLearned);
  return lost.length >= LOST_BEFORE_LOCK ? [] : [say('locked-out', account)];
}

/** Who is told as refused was refused. */
function judgeTold({ chronicle, events }: ClaroshopWorld): Violation[] {
  const refused = new Set(chronicle.refusals.map(({ attemptId }) => attemptId));
  return events
    .filter(({ detail }) => detail['reason'] === 'credentials-refused')
    .filter(({ detail }) => !refused.has(String(detail['attemptId'])))
    .map(({ detail }) => say('told-as-refused', String(detail['account'])));
}
