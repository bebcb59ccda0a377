import { expect, it } from 'vitest';
import { settleOpenAttempt } from '#shared/claroshop/settle-open-attempt.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { leaveOpenInEscrow } from '#test/support/claroshop/left-in-escrow.ts';

it('an attempt is left to others at once when the answer to its taking over got lost', async () => {
  const world = new ClaroshopWorld(inMemoryStores().storesOf);
  await leaveOpenInEscrow(world);
  world.clock.advanceSeconds(60);
  const { attempts } = world;
  const { open } = await attempts.standing();
  const away = new DependencyUnavailableError('dynamodb-unavailable', 'answer lost');
  const deaf: typeof attempts = {
    ...attempts,
    takeOver: (...taking) => attempts.takeOver(...taking).then(() => Promise.reject(away)),
  };
  const by = { attemptId: 'settler', leaseMs: 30_000 };
  const settling = { ...world.process().grants, attempts: deaf, by };
  await expect(settleOpenAttempt(open!.attempt, settling)).rejects.toBe(away);
  expect(await attempts.standing()).toMatchObject({ open: { lives: false } });
  await world.process().sweep();
  expect(await world.bundle()).toMatchObject({ version: 2 });
});
