import { beforeEach, describe, expect, it } from 'vitest';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { settleDeadAttempt } from '#shared/grants/settle-dead-attempt.ts';
import { beginRequest, someGrant, toSave, type Cafe24World } from '#test/support/cafe24-world.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';
import { inMemoryWorld } from '#test/support/in-memory-world.ts';

const MALL = 'test-mall';
let world: Cafe24World;
let escrow: ReturnType<typeof inMemoryEscrow<Cafe24Grant>>;

beforeEach(() => {
  world = inMemoryWorld(() => new Date());
  escrow = inMemoryEscrow();
});

async function deadAttempt() {
  const codeId = await world.insertCode(MALL);
  const begun = await world.codes.begin(beginRequest(MALL, codeId));
  if (begun.kind !== 'begun') throw new Error(begun.kind);
  await world.expireLease(begun.attempt.attemptId);
  return begun.attempt;
}

describe('settleDeadAttempt', () => {
  it('closes an attempt without escrow as abandoned', async () => {
    const finished = await settleDeadAttempt(await deadAttempt(), { ...world, escrow });
    expect(finished.outcome).toBe('abandoned');
  });

  it('installs what lies in escrow before it deletes it there', async () => {
    const attempt = await deadAttempt();
    await escrow.put(attempt, toSave(someGrant(MALL), attempt));
    const finished = await settleDeadAttempt(attempt, { ...world, escrow });
    expect(finished.outcome).toBe('issued');
    expect(await world.tokenRow(MALL)).toMatchObject({ version: 1 });
    expect(escrow.held.size).toBe(0);
  });

  it('leaves all as it is while the escrow can not be read', async () => {
    const attempt = await deadAttempt();
    const unreadable = { ...escrow, read: () => Promise.reject(new Error('away')) };
    const settling = settleDeadAttempt(attempt, { ...world, escrow: unreadable });
    await expect(settling).rejects.toThrow('away');
    expect(await world.codes.begin(beginRequest(MALL, '1'))).toMatchObject({ kind: 'left-behind' });
  });
});
