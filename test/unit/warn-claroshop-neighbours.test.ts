import { describe, expect, it } from 'vitest';
import { warnClaroshopExpiry } from '#functions/warn-claroshop-expiry/warn-claroshop-expiry.ts';
import { projectedNames } from '#shared/claroshop/names.ts';
import { accountToSubject, subjectToAccount } from '#shared/claroshop/subject.ts';
import { DependencyRefusedError, DependencyUnavailableError } from '#shared/errors.ts';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { leaveGivenUpInEscrow } from '#test/support/claroshop/left-in-escrow.ts';

/** As long as the function has. */
const LIFE_MS = 60_000;
/** As long as a call takes that is not answered, its repetitions included. */
const HANGING_MS = 12_000;
const POISON = 'poison';
const HEALTHY = Array.from({ length: 10 }, (_, index) => `healthy-${String(index)}`);

/** Eleven accounts whose tokens are due and whose names need mending, in one sweep with its own time. */
async function makeStage() {
  const { storesOf } = inMemoryStores();
  const worlds = new Map([...HEALTHY, POISON].map((it) => [it, new ClaroshopWorld(storesOf, it)]));
  for (const world of worlds.values()) {
    await world.process().refresh();
    world.clock.advanceSeconds(200);
    await world.stores.truth.delete(projectedNames(world.account)[0]!);
  }
  const first = worlds.get(POISON)!;
  const { grants } = first.process();
  let leftMs = LIFE_MS;
  const takes = (ms: number) => void (leftMs -= ms);
  const accounts = [...HEALTHY.slice(0, 5), POISON, ...HEALTHY.slice(5)];
  const { metrics, log } = first;
  const deadline = { remainingMs: () => Math.max(0, leftMs) };
  const sweep = (changes: object = {}) =>
    warnClaroshopExpiry(deadline, { ...grants, accounts, metrics, log, ...changes });
  return { worlds, first, grants, takes, sweep };
}
type Stage = Awaited<ReturnType<typeof makeStage>>;

const refused = () => Promise.reject(new DependencyRefusedError('refused', 'A poison.'));
const hangs = ({ takes }: Stage) => {
  takes(HANGING_MS);
  return Promise.reject(new DependencyUnavailableError('away', 'It did not answer.'));
};

/** The account's part of a port, spoilt. */
function ofTokens(stage: Stage, method: 'read' | 'project', spoilt: () => Promise<never>) {
  const { tokens } = stage.grants;
  const call = tokens[method].bind(tokens) as (...args: unknown[]) => Promise<unknown>;
  const spoiling = (account: string, ...more: unknown[]) =>
    account === POISON ? spoilt() : call(account, ...more);
  return { tokens: { ...tokens, [method]: spoiling } };
}

function ofAttempts(stage: Stage, method: keyof LeasedAttempts, spoilt: () => Promise<never>) {
  const attemptsOf = (subject: string) => {
    const attempts = stage.grants.attemptsOf(subject);
    const isPoison = subjectToAccount(subject) === POISON;
    return isPoison ? { ...attempts, [method]: spoilt } : attempts;
  };
  return { attemptsOf };
}

const POISONS: Readonly<Record<string, (stage: Stage) => object>> = {
  'whose lease can not be read': (stage) => ofAttempts(stage, 'standing', refused),
  'whose lease is not answered': (stage) => ofAttempts(stage, 'standing', () => hangs(stage)),
  'whose bundle is refused': (stage) => ofTokens(stage, 'read', refused),
  'whose bundle is not answered': (stage) => ofTokens(stage, 'read', () => hangs(stage)),
  'whose names are refused': (stage) => ofTokens(stage, 'project', refused),
  'whose names are not answered': (stage) => ofTokens(stage, 'project', () => hangs(stage)),
  'whose mark can not be read': (stage) => ofAttempts(stage, 'credentialsMark', refused),
  'whose warning the bus refuses': ({ grants: { bus } }) => ({
    bus: {
      publish: (event: Parameters<typeof bus.publish>[0]) =>
        event.detail['account'] === POISON ? refused() : bus.publish(event),
    },
  }),
  'with an item in escrow that can not be read': ({ grants: { escrow } }) => ({
    escrow: {
      ...escrow,
      list: async (tell: (error: Error, subject: string) => void) => {
        tell(new Error('No grant.'), accountToSubject(POISON));
        return await escrow.list();
      },
    },
  }),
};

describe('a sweep over ten healthy accounts', () => {
  it.each(Object.entries(POISONS))(
    'loses none of them to one %s, and says so',
    async (_, spoil) => {
      const stage = await makeStage();
      await expect(stage.sweep(spoil(stage))).rejects.toThrow();
      const warned = stage.first.published
        .filter(({ detailType }) => detailType === 'TokenExpiryWarning')
        .map(({ detail }) => detail['account']);
      expect(warned).toEqual(expect.arrayContaining(HEALTHY));
      for (const account of HEALTHY) {
        expect(await stage.worlds.get(account)!.staleNames()).toEqual([]);
      }
    },
  );

  it('looks at all before it mends the names of one, which may take all its time', async () => {
    const stage = await makeStage();
    const { tokens } = stage.grants;
    const project = async (account: string, ...more: unknown[]) => {
      stage.takes(10_000);
      return await (tokens.project as (...args: unknown[]) => Promise<unknown>)(account, ...more);
    };
    const swept = await stage.sweep({ tokens: { ...tokens, project } });
    expect(swept).toMatchObject({ warned: 11 });
  });

  it('installs what is in escrow of all beside one that Parameter Store refuses', async () => {
    const stage = await makeStage();
    const escrowed = [POISON, 'healthy-3', 'healthy-7'];
    for (const account of escrowed) {
      const world = new ClaroshopWorld(() => stage.first.stores, account);
      world.realm.livingRefreshToken = stage.worlds.get(account)!.realm.livingRefreshToken;
      await leaveGivenUpInEscrow(world);
    }
    const { tokens } = stage.grants;
    const commit: typeof tokens.commit = (attempt, ...more) =>
      subjectToAccount(attempt.subject) === POISON ? refused() : tokens.commit(attempt, ...more);
    await expect(stage.sweep({ tokens: { ...tokens, commit } })).rejects.toThrow('A poison.');
    const left = await stage.grants.escrow.list();
    expect(left.map(({ attempt }) => subjectToAccount(attempt.subject))).toEqual([POISON]);
  });
});
