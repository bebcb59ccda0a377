import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { Violation } from '../flow.ts';
import { untoldBundles } from './verdict.ts';
import { say } from './violations.ts';
import type { ClaroshopWorld } from './world.ts';

/** What the world was told, beside what happened and what the stores say at the end. */
export async function judgeOutcomes(world: ClaroshopWorld): Promise<Violation[]> {
  const { accounts, chronicle, events } = world;
  const told = events.map(({ detailType, detail }) => ({
    ...{ detailType, attemptId: String(detail['attemptId']) },
    ...{ account: String(detail['account']), version: Number(detail['version']) },
  }));
  const ofGrants = told.filter((it) => ['TokenIssued', 'TokenRefreshed'].includes(it.detailType));
  const isOfPut = (it: (typeof told)[number]) =>
    chronicle.puts.some(
      (put) =>
        put.attemptId === it.attemptId && put.version === it.version && put.account === it.account,
    );
  const isTold = (attemptId: string) => ofGrants.some((it) => it.attemptId === attemptId);
  const failures = new Set(
    told.filter((it) => it.detailType === 'TokenRefreshFailed').map(({ attemptId }) => attemptId),
  );
  const debts = chronicle.debts.filter((id) => !failures.has(id) && !isTold(id));
  return [
    ...untoldBundles(world).byOthers.map((id) =>
      say('missing-outcome', `a bundle without event: ${id}`),
    ),
    ...debts.map((id) => say('missing-outcome', `an end without event: ${id}`)),
    ...ofGrants
      .filter((it) => !isOfPut(it))
      .map(({ attemptId }) => say('outcome-against-the-bundle', attemptId)),
    ...(await Promise.all(accounts.map((account) => judgeAttempts(world, account)))).flat(),
  ];
}

async function judgeAttempts(world: ClaroshopWorld, account: string): Promise<Violation[]> {
  const { open, hasUnpublished } = await world.attemptsOf(account).standing();
  const ended = await world.stores.ended(accountToSubject(account));
  const told = new Set(
    world.events.map(({ detailType, detail }) => `${detailType} ${String(detail['attemptId'])}`),
  );
  const untold = ended.filter(
    ({ attemptId, event }) => event !== undefined && !told.has(`${event.detailType} ${attemptId}`),
  );
  const silent = ended.filter(
    ({ outcome, event }) => ['issued', 'refreshed'].includes(outcome) && event === undefined,
  );
  return [
    ...(open === undefined ? [] : [say('open-attempt', `${account}: ${open.attempt.attemptId}`)]),
    ...(hasUnpublished ? [say('missing-outcome', `${account}: not marked as published`)] : []),
    ...untold.map(({ attemptId }) => say('missing-outcome', `never published: ${attemptId}`)),
    ...silent.map(({ attemptId }) => say('missing-outcome', `nothing to tell: ${attemptId}`)),
  ];
}
