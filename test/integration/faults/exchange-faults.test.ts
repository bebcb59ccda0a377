import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  CAFE24_CELLS,
  OTHER_CELLS,
  POSTGRES_CELLS,
  WAYS,
  type Cell,
  type Then,
} from '#test/support/exchange-faults.ts';
import { FaultStage, type Traveller } from '#test/support/fault-stage.ts';

const CELLS = [...CAFE24_CELLS, ...POSTGRES_CELLS, ...OTHER_CELLS];
const TIMEOUT_MS = 60_000;
const stage = new FaultStage();

const nameOf = ({ place, fault, message, code, row, then }: Cell) =>
  `${place} meets “${fault}”: message ${message}, code ${code}, row ${row}, then ${then}`;

const typesOf = (mallId: string) => [
  ...new Map(
    stage
      .eventsOf(mallId)
      .map(({ detailType, detail }) => [
        (detail['metadata'] as { eventId: string }).eventId,
        detailType,
      ]),
  ).values(),
];

async function rowOf({ mallId, before }: Traveller): Promise<Cell['row'] | 'neither'> {
  const found = await stage.row(mallId);
  if (isDeepStrictEqual(found, before)) return 'as before';
  if (found === undefined) return 'neither';
  const isNext = found['version'] === (before === undefined ? '1' : '2');
  const isAlive = await stage.cafe24.isAlive(String(found['refresh_token']));
  return isNext && isAlive && found['status'] === 'active' ? 'new grant' : 'neither';
}

/** SQS brings the messages again until they are done with. */
async function redeliver(travellers: readonly Traveller[]): Promise<void> {
  for (let tries = 0; tries < 6; tries++) {
    const fates = await stage.deliver(travellers);
    if (fates.every((fate) => (fate as { fate: string }).fate === 'acknowledged')) return;
    await pause(500);
  }
}

/** Of each: its code, its row, what was told of it; and what lies in escrow. */
async function standing(travellers: readonly Traveller[]): Promise<unknown> {
  const each = travellers.map(async (traveller) => ({
    code: await stage.codeStatus(traveller.mallId),
    row: await rowOf(traveller),
    told: typesOf(traveller.mallId),
  }));
  return { travellers: await Promise.all(each), escrow: [...stage.escrow.held.keys()] };
}

function theEnd(travellers: readonly Traveller[], { isLost }: (typeof WAYS)[Then]): unknown {
  const granted = { code: 'exchanged', row: 'new grant', told: ['TokenIssued'] };
  const lost = { code: 'rejected', row: 'as before' };
  // A code's failure is told only of a mall that has no living grant.
  const told = (before: unknown) => (before === undefined ? ['ReauthorizationRequired'] : []);
  return {
    travellers: travellers.map(({ before }) =>
      isLost ? { ...lost, told: told(before) } : granted,
    ),
    escrow: [],
  };
}

/** Each of the steps is needed, and they are enough. */
async function expectEnd(travellers: readonly Traveller[], then: Then): Promise<void> {
  const end = theEnd(travellers, WAYS[then]);
  for (const step of WAYS[then].steps) {
    expect(await standing(travellers)).not.toEqual(end);
    await (step === 'redeliver' ? redeliver(travellers) : stage[step]());
  }
  expect(await standing(travellers)).toEqual(end);
}

describe('a code on its way, when', () => {
  it.each(CELLS.map((cell) => [nameOf(cell), cell] as const))(
    '%s',
    { timeout: TIMEOUT_MS },
    async (_, cell) => {
      const { at: place, lifeMs } = cell;
      const travellers = await stage.travellers({ isInline: place === 'store' });
      const arrange = () => Promise.resolve(cell.arrange(stage, travellers)).then(() => undefined);
      await cell.before?.(stage, travellers);
      if (place === undefined) await arrange();

      const fates = await stage.deliver(travellers, {
        ...(place !== undefined && { place, happens: arrange }),
        ...(lifeMs !== undefined && { lifeMs }),
      });

      for (const [at, traveller] of travellers.entries()) {
        expect(fates[at]).toMatchObject({
          fate: cell.message,
          ...(cell.logged !== undefined && { code: cell.logged }),
        });
        expect(await stage.codeStatus(traveller.mallId)).toBe(cell.code);
        expect(await rowOf(traveller)).toBe(cell.row);
      }
      expect(stage.contacts).toBe(0);

      await stage.heal();
      await expectEnd(travellers, cell.then);
      // Whatever comes once more changes nothing.
      await redeliver(travellers);
      await stage.recover();
      expect(await standing(travellers)).toEqual(theEnd(travellers, WAYS[cell.then]));
    },
  );

  it('its outcome is not told when its process dies, the message that comes again tells it', async () => {
    const travellers = await stage.travellers();
    stage.isBusAway = true;
    await stage.deliver(travellers);
    await stage.heal();
    await redeliver(travellers);
    expect(await standing(travellers)).toEqual(theEnd(travellers, WAYS.redelivery));
  });

  it('Cafe24 says how long to wait, it waits that long', async () => {
    const travellers = await stage.travellers();
    const fault = { kind: 'status', status: 429, retryAfter: '7' } as const;
    for (const { mallId } of travellers) await stage.cafe24.configure(mallId, { fault });
    expect(await stage.deliver(travellers)).toMatchObject([
      { delaySeconds: 7 },
      { delaySeconds: 7 },
    ]);
  });

  it('its mall is no host label, it is rejected and no host is contacted', async () => {
    stage.apiUrl = `${stage.elsewhere}{mallId}`;
    const mallIds = ['127.0.0.1:1/x', 'evil.example/', 'mall.evil', 'Mall', '-mall', 'mall@evil'];
    const details = mallIds.map((mallId) => ({ detail: { mallId, code: 'c' } }));
    const fates = await stage.deliver(details);
    expect(fates).toMatchObject(mallIds.map(() => ({ fate: 'rejected', code: 'invalid-message' })));
    expect(stage.contacts).toBe(0);
  });

  it('its mall is not configured, it is rejected and no host is contacted', async () => {
    stage.malls = new Set(['ours']);
    stage.apiUrl = `${stage.elsewhere}{mallId}`;
    const details = ['ours-evil', 'ours1'].map((mallId) => ({ detail: { mallId, code: 'c' } }));
    const fates = await stage.deliver(details);
    expect(fates).toMatchObject(details.map(() => ({ fate: 'rejected', code: 'unknown-mall' })));
    expect(stage.contacts).toBe(0);
  });
});

describe('the README', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const section = readme.split(/^## /m).find((it) => it.startsWith('What a fault does')) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  /** One row tells of several faults that end alike. */
  const told = rows.slice(2).flatMap((line) => {
    const [place = '', faults = '', ...ending] = line.split('|').slice(1, 7);
    return faults
      .split(';')
      .map((fault) => [place, fault, ...ending].map((word) => word.trim()).join(' | '));
  });

  it('says of every fault what the test has seen, and of no other', () => {
    const seen = CELLS.map(({ place, fault, message, code, row, then }) =>
      [place, fault, message, code, row, then].join(' | '),
    );
    expect(told.sort()).toEqual(seen.sort());
  });
});
