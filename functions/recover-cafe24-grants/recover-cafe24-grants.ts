import { codeToAnnouncement } from '#shared/cafe24/code-announcement.ts';
import type { Deadline } from '#shared/clock.ts';
import { fromAnother } from '#shared/grants/from-another.ts';
import type { Attempt, EscrowedGrant, Tokens } from '#shared/grants/ports.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { UnpublishedOutcome } from '#shared/grants/recovery.ts';
import { settleDeadAttempt } from '#shared/grants/settle-dead-attempt.ts';
import { codeToExpiry } from './codes-to-events.ts';
import type { Dependencies } from './dependencies.ts';
import { eachInTime, type Each, type Step, type Tally } from './each-in-time.ts';

/** Of each kind in one look; what is left over is found by the next. */
const LIMIT = 500;

export type Recovered = Readonly<Record<Step['name'], number>> & { readonly failed: number };

/**
 * Finishes what dead processes left: installs what lies in escrow, closes attempts whose lease is
 * over, announces young codes again, expires old ones, publishes outcomes, prunes history.
 *
 * Each step is safe to repeat, also at once with itself and with the functions that it cleans up
 * after. What fails is logged and counted, holds up nothing else, and is tried by the next run.
 */
export async function recoverCafe24Grants(
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<Recovered> {
  const steps = [
    ...grantSteps(dependencies),
    ...codeSteps(dependencies),
    ...lastSteps(dependencies),
  ];
  return await eachInTime(steps, { deadline, log: dependencies.log });
}

function grantSteps(dependencies: Dependencies): readonly Step[] {
  const { remains, escrow, attempts, tokens, clock } = dependencies;
  return [
    {
      name: 'installed',
      run: (each) =>
        each(
          async () => fromAnother(await findEscrowed(escrow), clock),
          (escrowed) => install(escrowed, dependencies),
        ),
    },
    {
      name: 'settled',
      run: (each) =>
        each(
          () => remains.deadAttempts(LIMIT),
          (attempt) =>
            settleDeadAttempt(attempt, { attempts, escrow, tokens: tokensOf(attempt, tokens) }),
        ),
    },
  ];
}

function codeSteps(dependencies: Dependencies): readonly Step[] {
  const { remains, codes, bus, newId } = dependencies;
  return [
    {
      name: 'announced',
      run: (each) =>
        each(
          () => remains.youngCodes(LIMIT),
          (code) => bus.publish(codeToAnnouncement(code, newId())),
        ),
    },
    {
      name: 'expired',
      run: (each) =>
        each(
          () => remains.oldCodes(LIMIT),
          (code) => codes.begin(codeToExpiry(code, dependencies)),
        ),
    },
  ];
}

function lastSteps(dependencies: Dependencies): readonly Step[] {
  return [
    { name: 'published', run: (each) => publishAll(each, dependencies) },
    { name: 'pruned', run: (each) => pruneAll(each, dependencies) },
  ];
}

/** Page after page, while there is time: whoever fills them needs no more than an address of ours. */
async function pruneAll(each: Each, { remains }: Dependencies): Promise<Tally> {
  const total = { done: 0, failed: 0 };
  let isMoreLeft = true;
  while (isMoreLeft) {
    const { done, failed } = await each(
      () => Promise.resolve(['a page']),
      async () => {
        ({ isMoreLeft } = await remains.prune());
      },
    );
    total.done += done;
    total.failed += failed;
    if (done === 0) break;
  }
  return total;
}

/**
 * Page after page: after an outage of the bus there may be many. A mall whose outcome can't be
 * published is left out of the pages that follow: it keeps its order, and holds up no other.
 */
async function publishAll(each: Each, dependencies: Dependencies): Promise<Tally> {
  const { remains, outcomesAtOnce = 1 } = dependencies;
  const heldUp = new Set<string>();
  const total = { done: 0, failed: 0 };
  let isMoreLeft = true;
  while (isMoreLeft) {
    let found = 0;
    const { done, failed, goesOn } = await each(
      async () => {
        const page = await remains.unpublished(LIMIT, [...heldUp]);
        found = page.length;
        return page;
      },
      (outcome) =>
        publish(outcome, dependencies).catch((error: unknown) => {
          heldUp.add(outcome.subject);
          throw error;
        }),
      { subjectOf: ({ subject }) => subject, atOnce: outcomesAtOnce },
    );
    total.done += done;
    total.failed += failed;
    isMoreLeft = found === LIMIT && goesOn;
  }
  return total;
}

async function publish(
  { attemptId, unpublished }: UnpublishedOutcome,
  { attempts, bus }: Dependencies,
): Promise<void> {
  if (unpublished !== undefined) await bus.publish(unpublished);
  await attempts.markPublished(attemptId);
}

/** What can't be read fails by itself: it is told and counted, and stays for an operator. */
async function findEscrowed(
  escrow: Dependencies['escrow'],
): Promise<readonly (EscrowedGrant<Cafe24Grant> | Error)[]> {
  const unreadable: Error[] = [];
  const readable = await escrow.list((error) => {
    unreadable.push(error);
  });
  return [...unreadable, ...readable];
}

async function install(
  escrowed: EscrowedGrant<Cafe24Grant> | Error,
  { tokens, escrow }: Dependencies,
): Promise<void> {
  if (escrowed instanceof Error) throw escrowed;
  const { attempt, save } = escrowed;
  await tokensOf(attempt, tokens).commit(attempt, save, false);
  await escrow.delete(attempt.attemptId);
}

/** Cafe24 has no password grant: what is not of a code is of a refresh. */
function tokensOf({ grantType }: Attempt, tokens: Dependencies['tokens']): Tokens<Cafe24Grant> {
  return grantType === 'authorization_code' ? tokens.authorization_code : tokens.refresh_token;
}
