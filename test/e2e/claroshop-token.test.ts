import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { claroshopTokens } from '#client/index.ts';
import { eventually } from '#infra/local/eventually.ts';
import { bundleName, projectedNames } from '#shared/claroshop/names.ts';
import {
  beginClaroshopStory,
  bundleOf,
  type ClaroshopStory,
} from '#test/support/claroshop-story.ts';
import { putEvent } from '#test/support/e2e.ts';

const { busName } = inject('stack');
const stories: ClaroshopStory[] = [];
afterAll(() => Promise.all(stories.map((story) => story.end())));

async function begin(account: string): Promise<ClaroshopStory> {
  const story = await beginClaroshopStory(account);
  stories.push(story);
  return story;
}
/** Waits until every grant that ClaroShop gave is told. @returns their versions. */
const everyGrantIsTold = async (story: ClaroshopStory): Promise<readonly number[]> => {
  const { password, refresh_token: rotations } = await countsOf(story);
  const told = await eventually(async () => {
    const events = await story.observer.untilNow(
      ({ detail }) => detail['account'] === story.account && detail['scopes'] !== undefined,
    );
    // Told twice, an outcome has the same id.
    const versions = new Map(
      events.map(({ detail }) => [detail['attemptId'], Number(detail['version'])]),
    );
    return versions.size >= password + rotations ? versions : undefined;
  }, 'an outcome of every grant');
  expect(told.size).toBe(password + rotations);
  return [...told.values()];
};
const countsOf = async ({ claroshop, username }: ClaroshopStory) =>
  (await claroshop.memory(username)).counts;
const hasTold = async ({ observer, account }: ClaroshopStory, outcomes: readonly string[]) => {
  const events = await observer.waitForAll(
    ({ detail }) => detail['account'] === account && detail['attemptId'] !== undefined,
    { atLeast: outcomes.length, what: outcomes.join() },
  );
  expect(
    events.map((event) => `${event['detail-type']} ${String(event.detail['version'])}`),
  ).toEqual(outcomes);
};

describe('the account of the requirement', () => {
  let story: ClaroshopStory;
  beforeAll(async () => {
    story = await begin('default');
  });

  it('has a bundle and eight names after one sweep, where there was nothing', async () => {
    expect((await story.read()).size).toBe(0);
    await story.sweep();
    const { bundle, version } = await story.settled(1);
    expect(version).toBe(1);
    const stored = await story.read();
    expect(Object.fromEntries([...stored].map(([name, { Type }]) => [name, Type]))).toEqual({
      '/claroshop/token': 'SecureString',
      '/claroshop/access_token': 'SecureString',
      '/claroshop/refresh_token': 'SecureString',
      '/claroshop/expires_in': 'String',
      '/claroshop/refresh_expires_in': 'String',
      '/claroshop/token_type': 'String',
      '/claroshop/scope': 'String',
      '/claroshop/session_state': 'String',
      '/claroshop/not-before-policy': 'String',
    });
    expect(stored.get('/claroshop/expires_in')?.Value).toBe('300');
    expect(await story.claroshop.isAccessAlive(bundle.access_token)).toBe(true);
    expect(await countsOf(story)).toEqual({ password: 1, refresh_token: 0 });
    await hasTold(story, ['TokenIssued 1']);
  });

  it('is answered, when it is invoked directly, to the letter of the requirement', async () => {
    const answer = await story.obtain();
    expect(answer).toEqual({
      statusCode: 200,
      body: {
        message: 'ClaroShop tokens successfully obtained and stored',
        expires_in: 300,
        token_type: 'Bearer',
        scope: 'profile email',
      },
    });
    expect(Object.keys(answer as object)).toEqual(['statusCode', 'body']);
    expect((await story.settled(2)).version).toBe(2);
    expect(await countsOf(story)).toEqual({ password: 1, refresh_token: 1 });
  });

  it('keeps what has a type, and loses what the grant has not', async () => {
    const { ssm } = story;
    const name = '/claroshop/scope';
    await ssm.send(new DeleteParameterCommand({ Name: name }));
    await ssm.send(new PutParameterCommand({ Name: name, Value: 'x', Type: 'SecureString' }));
    await story.claroshop.configure(story.username, { omit: ['session_state'], nextRequests: 1 });
    await story.obtain();
    await story.settled(3);
    const stored = await story.read();
    expect(stored.get(name)).toMatchObject({ Type: 'SecureString', Value: 'profile email' });
    expect(stored.has('/claroshop/session_state')).toBe(false);
  });

  it('has its tokens also when they have more than 4 KB', async () => {
    await story.claroshop.configure(story.username, { accessTokenLength: 5_000, nextRequests: 1 });
    await story.obtain();
    const { bundle } = await story.settled(4);
    expect(bundle.access_token).toHaveLength(5_000);
  });

  it('is answered from what was just stored, though reads of it are old', async () => {
    const before = await countsOf(story);
    const { version } = await story.settled(1);
    // By name: the path of other accounts, which other tests work with, lies below this one's.
    const names = [bundleName(story.account), ...projectedNames(story.account)];
    const lag = (reads: number) =>
      Promise.all(names.map((name) => story.parameterStore.lag(name, reads)));
    await lag(3);
    for (const invocation of [1, 2]) {
      expect(await story.obtain()).toMatchObject({ statusCode: 200 });
      expect((await countsOf(story)).refresh_token).toBe(before.refresh_token + invocation);
    }
    await lag(0);
    await story.settled(version + 2);
    expect((await countsOf(story)).password).toBe(before.password);
  });

  it('answers each of those who come at once, and stores what it was asked for', async () => {
    const before = await countsOf(story);
    const { version } = await story.settled(1);
    const answers = await Promise.all(Array.from({ length: 5 }, () => story.obtain()));
    for (const answer of answers) expect(answer).toMatchObject({ statusCode: 200 });
    const after = await countsOf(story);
    const asked = after.refresh_token - before.refresh_token;
    // Whoever was invoked after the first had stored its bundle has obtained one of its own.
    await story.settled(version + asked);
    await everyGrantIsTold(story);
    expect(after.password).toBe(before.password);
    console.log(`5 direct invocations at once: ${String(asked)} grant requests`);
  });
});

it('a grant rotates 30 times under readers who never see a torn bundle or a dead token', async () => {
  const story = await begin('e2e-1');
  const { account, username, claroshop } = story;
  const path = '/claroshop/accounts/e2e-1/';
  await claroshop.configure(username, { accessSeconds: 30, revokeRefreshToken: true });
  await story.sweep();
  const first = await story.settled(1);
  const putsBefore = await putsOf(story, path);
  const reader = readOnAndOn(story);
  for (let rotation = 1; rotation <= 30; rotation++) {
    // Who is seen at work is not warned.
    await story.isQuiet();
    await story.sweep();
    await story.settled(first.version + rotation);
  }
  // A sweep that came again, since an attempt had taken long, may have warned once more.
  await story.isQuiet();
  const last = await story.settled(first.version + 30);
  const seen = await reader.stop();
  const puts = (await putsOf(story, path)).slice(putsBefore.length);
  const { counts, aliveRefreshTokens } = await claroshop.memory(username);
  console.log(
    `${String(counts.refresh_token)} rotations: ${String(puts.length)} PutParameter calls; ` +
      `${String(seen.reads)} reads saw ${String(seen.versions)} bundles, ` +
      `${String(seen.mixed)} of them between bundle and names`,
  );
  expect(seen.problems).toEqual([]);
  expect(seen.versions).toBeGreaterThan(10);
  expect(counts.password).toBe(1);
  expect(counts.refresh_token).toBeGreaterThanOrEqual(30);
  // The bundle, and of the names those that changed: the two tokens.
  expect(new Set(puts)).toEqual(
    new Set([bundleName(account), `${path}access_token`, `${path}refresh_token`]),
  );
  expect(aliveRefreshTokens).toEqual([last.bundle.refresh_token]);
  const versions = await everyGrantIsTold(story);
  expect(new Set(versions).size).toBe(versions.length);
  expect(Math.max(...versions)).toBe(last.version);
});

const putsOf = async ({ parameterStore }: ClaroshopStory, path: string) =>
  (await parameterStore.calls(path))
    .filter(({ operation }) => operation === 'PutParameter')
    .flatMap(({ names }) => names);

/** Reads all that is stored of the account, judges it, and does so until it is stopped. */
function readOnAndOn(story: ClaroshopStory) {
  const { account, claroshop, ssm } = story;
  const tokens = claroshopTokens({ ssm, publisher: { publish: () => Promise.resolve() } });
  const seen = { reads: 0, mixed: 0, problems: [] as string[], versions: 0 };
  const versions = new Set<number>();
  let isOver = false;
  const judge = async () => {
    const stored = await story.read();
    const found = bundleOf(account, stored);
    if (found === undefined) return seen.problems.push('a bundle that is none');
    const { bundle, version } = found;
    const name = `/claroshop/accounts/${account}/access_token`;
    const named = stored.get(name)?.Value ?? '';
    seen.reads += 1;
    seen.mixed += named === bundle.access_token ? 0 : 1;
    versions.add(version);
    if (Date.parse(bundle.expires_at) <= Date.now()) seen.problems.push(`${version} has ended`);
    for (const token of [bundle.access_token, named]) {
      if (!(await claroshop.isAccessAlive(token))) seen.problems.push(`a dead token at ${version}`);
    }
    if (stored.size !== 9) seen.problems.push(`${9 - stored.size} names are missing`);
    const handedOut = await tokens.claroshopToken(account);
    if (handedOut.version < version) seen.problems.push(`client/ lags at ${version}`);
    return undefined;
  };
  const reading = (async () => {
    while (!isOver) await judge();
  })();
  return {
    stop: async () => {
      isOver = true;
      await reading;
      return { ...seen, versions: versions.size };
    },
  };
}

describe('an account with a wrong password', () => {
  let story: ClaroshopStory;
  beforeAll(async () => {
    story = await begin('e2e-2');
    await story.storePassword('not the password');
  });
  const warn = async (count: number) => {
    const detail = { provider: 'claroshop', account: story.account, reason: 'expiring' };
    const entry = {
      EventBusName: busName,
      DetailType: 'TokenExpiryWarning',
      Detail: JSON.stringify(detail),
      Time: undefined,
    };
    await Promise.all(Array.from({ length: count }, () => putEvent(story.clients, entry)));
  };

  it('is tried once, however many warnings and invocations come', async () => {
    await warn(20);
    await story.sweep();
    const answers = await Promise.all([story.obtain(), story.obtain()]);
    await warn(5);
    await story.sweep();
    answers.push(await story.obtain());
    await story.isQuiet();
    const { counts, failures } = await story.claroshop.memory(story.username);
    expect({ counts, failures }).toEqual({
      counts: { password: 1, refresh_token: 0 },
      failures: 1,
    });
    for (const answer of answers) {
      expect(answer).toEqual({ statusCode: 500, body: { error: expect.any(String) as string } });
      expect(JSON.stringify(answer)).not.toMatch(/not the password|an invented/);
    }
    await hasTold(story, ['TokenRefreshFailed 0']);
    expect((await story.read()).size).toBe(0);
  });

  it('is tried once more when the parameter holds another, and then has its tokens', async () => {
    await story.storePassword(story.password);
    await story.sweep();
    await story.settled(1);
    expect(await countsOf(story)).toEqual({ password: 2, refresh_token: 0 });
  });
});

it('accounts keep to themselves: each has its own names, session and outcomes', async () => {
  const [one, three] = await Promise.all([begin('e2e-1'), begin('e2e-3')]);
  await one.sweep();
  const bundles = await Promise.all([one.settled(1), three.settled(1)]);
  const states = bundles.map(({ bundle }) => bundle.session_state);
  expect(new Set(states).size).toBe(2);
  for (const story of [one, three]) {
    const { sessions } = await story.claroshop.memory(story.username);
    expect(states).toContain(sessions[0]?.id);
    expect([...(await story.read()).keys()].sort()).toEqual(
      [bundleName(story.account), ...projectedNames(story.account)].sort(),
    );
    await hasTold(story, ['TokenIssued 1']);
  }
  await three.obtain();
  expect((await three.settled(2)).version).toBe(2);
  expect((await one.settled(1)).version).toBe(1);
});

it('an account that nobody configured is told so', async () => {
  const story = await begin('e2e-3');
  expect(await story.obtain({ account: 'stranger' })).toEqual({
    statusCode: 500,
    body: { error: expect.stringContaining('account') as string },
  });
});
