import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { CUT_OFF, KILLS, Killing, MAX_ROUNDS, SEED } from './killing.ts';

const MALLS = Array.from(
  { length: 10 },
  (_, index) => `e2e-${String(index + 91).padStart(3, '0')}`,
);
/** Before each round these have no grant: a code that is lost must be told. */
const WITHOUT_GRANT = MALLS.filter((_, index) => index % 2 === 0);
const { recoverCafe24Grants, exchangeCafe24Code } = inject('stack');

interface Code {
  readonly mallId: string;
  readonly codeId: string;
}

let killing: Killing;
beforeAll(async () => {
  killing = await Killing.begin(MALLS, exchangeCafe24Code);
  await settle(await announceCodes());
});
afterAll(() => killing.end());

test(`the exchange of Cafe24 codes survives ${String(KILLS)} SIGKILLs (SEED=${String(SEED)})`, async () => {
  const { tally } = killing;
  const ends: Record<string, number> = {};
  for (let round = 0; round < MAX_ROUNDS && !killing.hasStruckEnough(); round++) {
    await killing.story.sql('delete from cafe24.oauth_tokens where mall_id = any($1)', [
      WITHOUT_GRANT,
    ]);
    let codes: readonly Code[] = [];
    await killing.strike(async () => {
      codes = await announceCodes();
    });
    await settle(codes);
    for (const code of codes) {
      const end = await endOf(code);
      ends[end] = (ends[end] ?? 0) + 1;
    }
  }
  await killing.story.isEmpty(exchangeCafe24Code.queueUrl, 90_000);
  const told = await killing.everyOutcomeWasTold();
  console.log('exchange', { ...tally, ...ends, outcomesTold: told });
  expect(tally.interruptions).toBeGreaterThanOrEqual(KILLS);
  for (const moment of CUT_OFF) expect(tally[moment], moment).toBeGreaterThan(0);
  expect(ends['exchanged']).toBeGreaterThan(KILLS);
});

const announceCodes = () =>
  Promise.all(MALLS.map(async (mallId) => ({ mallId, codeId: await killing.authorize(mallId) })));

/** The leases of the dead end, young codes are announced again, what is told nowhere is told. */
async function settle(codes: readonly Code[]): Promise<void> {
  const ids = codes.map(({ codeId }) => codeId);
  const areOver = async () => {
    const open = await killing.story.sql(
      `select from cafe24.oauth_authorization_codes
        where id = any($1) and status in ('received', 'exchanging')`,
      [ids],
    );
    return open.length === 0;
  };
  // A process that is killed has 20 s at most; the code is still young then.
  if (!(await areOver())) await killing.passSeconds(21);
  await eventually(
    async () => {
      if (await areOver()) return true;
      await killing.sweep(recoverCafe24Grants);
      return undefined;
    },
    'an end for each code',
    60_000,
  );
  await killing.passSeconds(61);
  await killing.sweep(recoverCafe24Grants);
}

/** The code's status; it is checked that the mall's row and what was told belong to it. */
async function endOf({ mallId, codeId }: Code): Promise<string> {
  const [code] = await killing.story.sql(
    `select code.status, attempt.outcome, attempt.event->>'detailType' as told,
            exists (select from cafe24.oauth_tokens token
                     where token.mall_id = code.mall_id) as has_grant
       from cafe24.oauth_authorization_codes code
       left join lateral (
         select * from cafe24.token_attempts attempt
          where attempt.code_id = code.id order by attempt_no desc limit 1) attempt on true
      where code.id = $1`,
    [codeId],
  );
  const status = String(code?.['status']);
  if (code?.['has_grant'] === true) await killing.isAlive(mallId);
  if (status === 'exchanged') {
    expect(code).toMatchObject({ outcome: 'issued', told: 'TokenIssued', has_grant: true });
  } else {
    expect(['rejected', 'expired']).toContain(status);
    expect(code?.['told']).toBe(code?.['has_grant'] === true ? null : 'ReauthorizationRequired');
  }
  return status;
}
