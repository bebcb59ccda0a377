import { describe, expect, it } from 'vitest';
import { DependencyUnavailableError } from '#shared/errors.ts';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import { ClaroshopWorld, type StoresOf } from './claroshop-world.ts';

/** On a busy machine, real stores take a tenth of a second for each call. */
const PATIENT = { timeout: 120_000 };

const failing = (reason: string) => () =>
  Promise.resolve({ kind: reason === 'timeout' ? 'unknown' : 'failed', reason } as const);

/** The process's next calls of that kind fail, so many of them. */
function failFirst(
  { grants }: ReturnType<ClaroshopWorld['process']>,
  method: keyof LeasedAttempts,
  failures: number,
): void {
  const { attemptsOf } = grants;
  let left = failures;
  Object.assign(grants, {
    attemptsOf: (subject: string) => {
      const attempts = attemptsOf(subject);
      const call = attempts[method].bind(attempts) as (...args: unknown[]) => Promise<unknown>;
      const failing = (...args: unknown[]) => (left-- > 0 ? away() : call(...args));
      return new Proxy(attempts, {
        get: (_, name): unknown => (name === method ? failing : Reflect.get(attempts, name)),
      });
    },
  });
}

function away(): Promise<never> {
  return Promise.reject(new DependencyUnavailableError('dynamodb-unavailable', 'away'));
}

/** What the three functions do together, on whatever stores. */
export function describeClaroshopFlow(title: string, storesOf: () => StoresOf): void {
  const make = () => new ClaroshopWorld(storesOf());
  const outcomesOf = (world: ClaroshopWorld) => world.outcomes();

  describe(`${title}: a grant`, PATIENT, () => {
    it('comes from nothing by one sweep, with all names and its event', async () => {
      const world = make();
      expect(await world.process().sweep()).toMatchObject({ warned: 1, expired: 1, refused: 0 });
      const [warning] = world.takeWarnings();
      expect(warning).toMatchObject({ account: world.account, version: 0, reason: 'expiring' });
      expect(await world.process().refresh(warning)).toBe('issued');
      expect(await world.bundle()).toMatchObject({ version: 1 });
      expect(await world.staleNames()).toEqual([]);
      expect(world.published).toMatchObject([
        {
          detailType: 'TokenIssued',
          detail: { provider: 'claroshop', account: world.account, version: 1 },
        },
      ]);
      expect(await world.process().sweep()).toMatchObject({ warned: 0, expired: 0 });
      expect(world.realm.posts).toHaveLength(1);
    });

    it('is due 150 s before its end and is refreshed then, again and again', async () => {
      const world = make();
      await world.process().refresh();
      world.clock.advanceSeconds(149);
      expect(await world.process().sweep()).toMatchObject({ warned: 0 });
      world.clock.advanceSeconds(1);
      expect(await world.process().sweep()).toMatchObject({ warned: 1 });
      await world.minutes(30);
      expect(world.realm.ended('password')).toBe(1);
      expect(world.realm.ended('refresh_token')).toBeGreaterThan(8);
      expect(await world.staleNames()).toEqual([]);
    });

    it('is asked for by password when the refresh token is refused, under the same lease', async () => {
      const world = make();
      await world.process().refresh();
      world.realm.livingRefreshToken = undefined;
      expect(await world.process().refresh({ version: 1 })).toBe('issued');
      expect(world.realm.posts.map(({ grantType }) => grantType)).toEqual([
        'password',
        'refresh_token',
        'password',
      ]);
      expect(outcomesOf(world)).toEqual(['TokenIssued', 'TokenIssued']);
    });

    it('is asked for by password when there is no refresh token', async () => {
      const world = make();
      world.realm.grantChanges = { refreshToken: undefined, refreshExpiresIn: undefined };
      await world.process().refresh();
      await world.process().refresh({ version: 1 });
      expect(world.realm.ended('password')).toBe(2);
      expect(await world.staleNames()).toEqual([]);
    });

    it.each([
      ['ends within the margin', 150, 2],
      ['is past already', -1, 2],
      ['has no end of its own', 0, 1],
    ])('is asked for by password when the refresh token %s', async (_, seconds, passwords) => {
      const world = make();
      world.realm.grantChanges = { refreshExpiresIn: seconds };
      await world.process().refresh();
      await world.process().refresh({ version: 1 });
      expect(world.realm.ended('password')).toBe(passwords);
    });

    it('is refreshed to the end of its session while the credentials are refused', async () => {
      const world = make();
      await world.process().refresh();
      world.clock.advanceSeconds(1_700);
      world.credentials = { username: 'seller', password: 'wrong' };
      expect(await world.process().refresh({ version: 1 })).toBe('credentials-refused');
      world.realm.grantChanges = { refreshExpiresIn: 90 };
      expect(await world.process().refresh({ version: 1 })).toBe('refreshed');
      world.realm.livingRefreshToken = undefined;
      expect(await world.process().refresh({ version: 2 })).toBe('credentials-refused');
      world.clock.advanceSeconds(91);
      expect(await world.process().refresh({ version: 2 })).toBe('credentials-refused');
      expect(world.realm.ended('password')).toBe(2);
      expect(world.realm.ended('refresh_token')).toBe(2);
    });

    it('is refreshed to the end of its session while the credentials can not be read', async () => {
      const world = make();
      await world.process().refresh();
      world.clock.advanceSeconds(1_700);
      const process = world.process();
      Object.assign(process.grants, { credentialsOf: () => ({ read: away }) });
      expect(await process.refresh({ version: 1 })).toBe('refreshed');
      world.clock.advanceSeconds(1_800);
      await expect(process.refresh({ version: 2 })).rejects.toMatchObject({ fate: 'retry' });
      expect(await world.process().refresh({ version: 2 })).toBe('issued');
    });

    it('that is larger than Parameter Store takes is told as failed; the password brings the next', async () => {
      const world = make();
      await world.process().refresh();
      world.realm.grantChanges = { accessToken: 'a'.repeat(9_000) };
      expect(await world.process().refresh({ version: 1 })).toBe('failed');
      expect(await world.bundle()).toMatchObject({ version: 1 });
      expect(world.published.at(-1)?.detail).toMatchObject({ reason: 'grant-too-large' });
      world.realm.grantChanges = {};
      world.clock.advanceSeconds(31);
      expect(await world.process().refresh({ version: 1 })).toBe('issued');
      expect(world.realm.ended('password')).toBe(2);
    });
  });

  describe(`${title}: a warning`, PATIENT, () => {
    it('is overtaken by a newer version, with and without a version of its own', async () => {
      const world = make();
      await world.process().refresh();
      await world.process().refresh({ version: 1 });
      expect(await world.process().refresh({ version: 1 })).toBe('overtaken');
      expect(await world.process().refresh()).toBe('overtaken');
      expect(world.realm.posts).toHaveLength(2);
    });

    it('without a version is about what was stored when it was published', async () => {
      const world = make();
      await world.process().refresh();
      world.clock.advanceSeconds(1);
      expect(await world.process().refresh()).toBe('refreshed');
    });

    it('of an account that is not configured is rejected', async () => {
      await expect(make().process().refresh({ account: 'nobody' })).rejects.toMatchObject({
        code: 'unknown-account',
        fate: 'reject',
      });
    });

    it('that a client sent stays a wish through a failed attempt', async () => {
      const world = make();
      await world.process().refresh();
      world.realm.answer = failing('status-503');
      await world.process().refresh({ version: 1, reason: 'rejected' });
      world.clock.advanceSeconds(61);
      await world.process().sweep();
      const [warning] = world.takeWarnings();
      expect(warning).toMatchObject({ version: 1, reason: 'rejected' });
      world.realm.answer = undefined;
      expect(await world.process().refresh(warning)).toBe('refreshed');
      await world.process().sweep();
      expect(world.takeWarnings()).toEqual([]);
    });
  });

  describe(`${title}: without an answer`, PATIENT, () => {
    it.each(['status-503', 'status-429', 'timeout'])('%s rests and comes again', async (reason) => {
      const world = make();
      await world.process().refresh();
      world.realm.answer = failing(reason);
      expect(await world.process().refresh({ version: 1 })).toBe('failed');
      expect(world.published.at(-1)).toMatchObject({
        detailType: 'TokenRefreshFailed',
        detail: { version: 1, reason },
      });
      expect(await world.process().refresh({ version: 1 })).toBe('resting');
      world.clock.advanceSeconds(61);
      world.realm.answer = undefined;
      expect(await world.process().refresh({ version: 1 })).toBe('refreshed');
      expect(world.realm.posts).toHaveLength(3);
    });

    it('is told although the end could not be stored at once', async () => {
      const world = make();
      world.realm.answer = failing('status-503');
      const process = world.process();
      failFirst(process, 'close', 3);
      expect(await process.refresh()).toBe('failed');
      expect(world.published).toMatchObject([
        { detailType: 'TokenRefreshFailed', detail: { version: 0, reason: 'status-503' } },
      ]);
    });

    it('keeps the message when the end can not be stored before the invocation ends', async () => {
      const world = make();
      world.realm.answer = failing('status-503');
      const process = world.process();
      failFirst(process, 'close', Infinity);
      let left = 30_000;
      process.deadline.remainingMs = () => (left -= 500);
      await expect(process.refresh()).rejects.toMatchObject({ fate: 'retry' });
    });

    it.each(['refresh_token', 'password'])(
      'frees the lease when nobody was asked, since the store was away: %s',
      async (grantType) => {
        const world = make();
        if (grantType === 'refresh_token') await world.process().refresh();
        const { version } = await world.bundle();
        const process = world.process();
        failFirst(process, 'declare', 1);
        await expect(process.refresh({ version })).rejects.toMatchObject({ fate: 'retry' });
        expect(world.realm.posts).toHaveLength(version);
        expect(await world.process().refresh({ version })).toMatch(/issued|refreshed/);
      },
    );

    it('is our own fault when the client is refused: told, and tried again later', async () => {
      const world = make();
      world.realm.answer = () =>
        Promise.resolve({ kind: 'misconfigured', reason: 'unauthorized_client' });
      expect(await world.process().refresh()).toBe('misconfigured');
      expect(await world.process().refresh()).toBe('resting');
      expect(world.published).toMatchObject([
        { detail: { reason: 'misconfigured-unauthorized_client', version: 0 } },
      ]);
    });
  });

  describe(`${title}: refused credentials`, PATIENT, () => {
    it('cost exactly one password request however many warnings come, and one event', async () => {
      const world = make();
      world.credentials = { username: 'seller', password: 'wrong' };
      expect(await world.process().refresh()).toBe('credentials-refused');
      await world.minutes(20);
      const many = Array.from({ length: 10 }, () => world.process().refresh());
      expect(new Set(await Promise.all(many))).toEqual(
        new Set(['credentials-refused', 'in-progress']),
      );
      expect(world.realm.posts).toHaveLength(1);
      expect(world.published.map(({ detail }) => detail['reason'])).toEqual([
        'credentials-refused',
      ]);
      expect(await world.process().sweep()).toMatchObject({ refused: 1, expired: 1 });
    });

    it('are tried once more after the parameter changed, wrong or right', async () => {
      const world = make();
      world.credentials = { username: 'seller', password: 'wrong' };
      await world.minutes(3);
      world.credentials = { username: 'seller', password: 'wrong too' };
      await world.minutes(5);
      expect(world.realm.posts).toHaveLength(2);
      world.credentials = { username: 'seller', password: 'right' };
      await world.minutes(1);
      expect(world.realm.posts).toHaveLength(3);
      expect(await world.bundle()).toMatchObject({ version: 1 });
      expect(await world.process().sweep()).toMatchObject({ refused: 0, expired: 0 });
      expect(await world.attempts.credentialsMark()).toBeUndefined();
    });

    it('are tried once more after an operator deleted the mark', async () => {
      const world = make();
      world.realm.password = 'another';
      await world.minutes(2);
      world.realm.password = 'right';
      await world.minutes(2);
      expect(world.realm.posts).toHaveLength(1);
      await world.attempts.clearCredentialsMark();
      await world.minutes(1);
      expect(world.realm.posts).toHaveLength(2);
      expect(await world.bundle()).toMatchObject({ version: 1 });
    });

    it('stop the password only: a refresh token that lives goes on', async () => {
      const world = make();
      await world.process().refresh();
      world.credentials = { username: 'seller', password: 'wrong' };
      expect(await world.process().refresh({ version: 1 })).toBe('refreshed');
      world.realm.livingRefreshToken = undefined;
      expect(await world.process().refresh({ version: 2 })).toBe('credentials-refused');
      await world.minutes(5);
      expect(world.realm.ended('refresh_token')).toBe(2);
      expect(world.realm.ended('password')).toBe(2);
      expect(outcomesOf(world)).toEqual(['TokenIssued', 'TokenRefreshed', 'TokenRefreshFailed']);
    });

    it('are kept nowhere: not in the mark, not in a log, not in an event', async () => {
      const world = make();
      world.credentials = { username: 'seller@example', password: 'sesame-wrong' };
      await world.process().refresh();
      const mark = await world.attempts.credentialsMark();
      const text = JSON.stringify([mark, world.log.lines, world.published]);
      expect(mark?.fingerprint).toHaveLength(44);
      expect(text).not.toMatch(/sesame-wrong|seller@example/);
    });
  });
}
