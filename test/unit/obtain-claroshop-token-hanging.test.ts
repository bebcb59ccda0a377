import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { Steps } from '#test/support/claroshop/steps.ts';

const make = () => new ClaroshopWorld(inMemoryStores().storesOf);

function expectFailure(answer: unknown): void {
  expect(answer).toEqual({ statusCode: 500, body: { error: expect.any(String) as string } });
}

describe('obtain-claroshop-token, when a call hangs until the end of its invocation', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** The process has so much time, and its call of that name hangs. */
  function hanging(world: ClaroshopWorld, name: string, lifeMs = 60_000) {
    const steps: Steps = new Steps(undefined, () => Promise.resolve());
    const call = steps.call.bind(steps);
    let hangs = false;
    steps.call = (called, work) =>
      hangs && called === name ? new Promise(() => undefined) : call(called, work);
    const process = world.process(steps);
    const beganMs = performance.now();
    process.deadline.remainingMs = () => Math.max(0, lifeMs - (performance.now() - beganMs));
    return {
      hang: () => (hangs = true),
      /** What is answered while Lambda still lets it live. */
      answerInTime: async () => {
        const answer = vi.fn();
        void process.obtain().then(answer);
        await vi.advanceTimersByTimeAsync(lifeMs - 1);
        return answer.mock.lastCall?.[0] as unknown;
      },
    };
  }

  it.each([
    'ssm.read',
    'ssm.put',
    'attempts.standing',
    'attempts.begin',
    'attempts.declare',
    'attempts.commit',
    'attempts.markPublished',
    'credentials',
    'bus',
  ])('answers all the same: %s', async (name) => {
    const { hang, answerInTime } = hanging(make(), name);
    hang();
    const answer = await answerInTime();
    expectFailure(answer);
    expect(JSON.stringify(answer)).toContain('before every service had answered');
  });

  it('answers all the same: giving back a lease that was not needed', async () => {
    const world = make();
    world.credentials = { username: 'seller', password: 'wrong' };
    await world.process().obtain();
    const { hang, answerInTime } = hanging(world, 'attempts.giveBack');
    hang();
    expectFailure(await answerInTime());
  });

  it('says what it has seen before: somebody else was at work', async () => {
    const world = make();
    world.realm.delay = () => new Promise(() => undefined);
    void world.process().refresh();
    await vi.advanceTimersByTimeAsync(1);
    const { hang, answerInTime } = hanging(world, 'ssm.read');
    setTimeout(hang, 100);
    expect(JSON.stringify(await answerInTime())).toMatch(/under way/);
  });
});
