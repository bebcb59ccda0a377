import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { Browser } from '#test/support/browser.ts';
import { beginStory, type Story } from '#test/support/e2e.ts';
import { wholeLogs } from '#test/support/whole-logs.ts';

const MALLS = Array.from({ length: 8 }, (_, index) => `e2e-${String(index + 111)}`);
const [revived, fresh, again, late, foreign, refusing, cookieless, logged] = MALLS as [
  string,
  ...string[],
];
const { apiUrl, warnCafe24Expiry, refreshCafe24Token } = inject('stack');
const { endpointUrl, region, cafe24 } = inject('localAws');
const lambda = new LambdaClient({
  endpoint: endpointUrl,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

let story: Story;
const beganAt = new Date();
beforeAll(async () => {
  story = await beginStory(...MALLS);
});
afterAll(() => story.end());

const authorizeUrl = (mallId = '') => `${apiUrl}/cafe24/authorize?mall=${mallId}`;

/** The admin agrees at Cafe24, whose redirect the browser has not followed yet. */
async function agree(mallId = '', admin = new Browser()): Promise<string> {
  const { status, next } = await admin.open(authorizeUrl(mallId), cafe24.redirectUri);
  expect([status, next]).toEqual([302, expect.stringContaining(cafe24.redirectUri)]);
  // The registered address is the public one; here API Gateway answers under its own.
  return next!.replace(cafe24.redirectUri, `${apiUrl}/cafe24/callback`);
}

const codesOf = (mallId = '') =>
  story.sql(
    'select id::text, code, status from cafe24.oauth_authorization_codes where mall_id = $1',
    [mallId],
  );
/** Waits until there are so many, and finds no more then. */
async function eventsOf(detailType: string, mallId = '', count = 1) {
  const events = await story.observer.waitForAll(
    (event) => event['detail-type'] === detailType && event.detail['mallId'] === mallId,
    { atLeast: count, what: `${detailType} of ${mallId}` },
  );
  expect(events).toHaveLength(count);
  return events;
}
const isAlive = (mallId: string, version: number) =>
  eventually(async () => {
    const row = await story.row(mallId);
    return row?.['status'] === 'active' &&
      Number(row['version']) === version &&
      (await story.cafe24.isAlive(String(row['refresh_token'])))
      ? true
      : undefined;
  }, `the living grant of ${mallId}`);

describe('the admin of a mall, in the browser', () => {
  it('is sent to Cafe24 with all that it wants to know, and a state of their own', async () => {
    const answers = await Promise.all(
      [1, 2].map(() => fetch(authorizeUrl(fresh), { redirect: 'manual' })),
    );
    const places = answers.map(({ headers }) => new URL(headers.get('location') ?? ''));
    expect(answers.map(({ status }) => status)).toEqual([302, 302]);
    const [place] = places;
    expect(place?.href.split('?')[0]).toBe(
      `${cafe24.apiUrl.replace('{mallId}', String(fresh))}/api/v2/oauth/authorize`,
    );
    expect(Object.fromEntries(place?.searchParams ?? [])).toEqual({
      response_type: 'code',
      client_id: cafe24.clientId,
      redirect_uri: cafe24.redirectUri,
      scope: expect.stringMatching(/^[\w.]+(,[\w.]+)*$/) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(new Set(places.map(({ searchParams }) => searchParams.get('state'))).size).toBe(2);
  });

  it('brings a grant that was revoked back to life', async () => {
    const admin = new Browser();
    await admin.open(await agree(revived, admin));
    await isAlive(revived, 1);
    await story.cafe24.removeApplication(revived);
    await story.sql(
      `update cafe24.refresh_schedule
          set due_at = cafe24.clock(), rest_until = '-infinity', warn_again_at = '-infinity'
        where mall_id = $1`,
      [revived],
    );
    await lambda.send(new InvokeCommand({ FunctionName: warnCafe24Expiry.functionName }));
    await eventsOf('ReauthorizationRequired', revived);
    expect(await story.row(revived)).toMatchObject({ status: 'reauthorization-required' });

    const page = await admin.open(await agree(revived, admin));
    expect(page).toMatchObject({ status: 200, next: undefined });
    expect(page.text).toContain('Your mall has authorized us');
    await isAlive(revived, 2);
    await eventsOf('TokenIssued', revived, 2);
  });

  it('stores a code once, however often the page is loaded', async () => {
    const admin = new Browser();
    const callback = await agree(again, admin);
    expect(await admin.open(callback)).toMatchObject({ status: 200 });
    const reloaded = await admin.open(callback);
    expect(reloaded).toMatchObject({ status: 400 });
    expect(reloaded.text).toContain('Please begin again');
    expect(await codesOf(again)).toHaveLength(1);
    await isAlive(String(again), 1);
  });

  it('who comes back after ten minutes begins again', async () => {
    const admin = new Browser();
    const callback = await agree(late, admin);
    await story.sql(
      `update cafe24.oauth_states set expires_at = cafe24.clock() where mall_id = $1`,
      [late],
    );
    expect(await admin.open(callback)).toMatchObject({ status: 400 });
    expect(await codesOf(late)).toEqual([]);
  });

  it('can not be made to finish what another browser began', async () => {
    const victim = new Browser();
    await agree(foreign, victim);
    const callback = await agree(foreign, new Browser());
    expect(await victim.open(callback)).toMatchObject({ status: 400 });
    expect(await new Browser().open(callback)).toMatchObject({ status: 400 });
    expect(await codesOf(foreign)).toEqual([]);
  });

  it.each([
    ['an unknown state', `?code=some-code&state=${'A'.repeat(43)}`],
    ['a state that is none', '?code=some-code&state=x'],
    ['no state', '?code=some-code'],
    ['nothing', ''],
  ])('who comes with %s gets a page that says what to do', async (_, query) => {
    const admin = new Browser();
    await agree(cookieless, admin);
    const page = await admin.open(`${apiUrl}/cafe24/callback${query}`);
    expect(page).toMatchObject({ status: 400 });
    expect(page.text).toContain('open the authorization link of your mall again');
    expect(page.text).not.toContain('some-code');
    expect(await codesOf(cookieless)).toEqual([]);
  });

  it('who refuses sees a page, and it is told', async () => {
    await story.cafe24.configure(String(refusing), { adminRefuses: true });
    const admin = new Browser();
    const page = await admin.open(await agree(refusing, admin));
    expect(page).toMatchObject({ status: 200 });
    expect(page.text).toContain('access_denied');
    expect(await eventsOf('AuthorizationRefused', refusing)).toMatchObject([
      { detail: { provider: 'cafe24', error: 'access_denied' } },
    ]);
    expect(await codesOf(refusing)).toEqual([]);
    expect(await story.row(String(refusing))).toBeUndefined();
  });

  it.each(['unknown-mall', 'evil.example/x', ''])(
    'of a mall that is not ours (%s) gets 404',
    async (mallId) => {
      const { status, next } = await new Browser().open(authorizeUrl(encodeURIComponent(mallId)));
      expect([status, next]).toEqual([404, undefined]);
    },
  );
});

describe('a code', () => {
  it('stands in no page and in no log line', async () => {
    const admin = new Browser();
    const callback = new URL(await agree(logged, admin));
    const secrets = ['code', 'state'].map((name) => callback.searchParams.get(name) ?? '');
    const { text } = await admin.open(callback.href);
    await isAlive(String(logged), 1);
    const codes = await story.sql(
      'select code from cafe24.oauth_authorization_codes where mall_id = any($1)',
      [MALLS],
    );
    secrets.push(...codes.map(({ code }) => String(code)));
    expect(secrets.length).toBeGreaterThan(4);

    const prefix = refreshCafe24Token.functionName.replace('refresh-cafe24-token', '');
    const names = ['start-cafe24-authorization', 'receive-cafe24-code', 'exchange-cafe24-code'];
    const logs = await wholeLogs(story.clients, {
      functionNames: names.map((name) => prefix + name),
      since: beganAt,
      poke: async () => {
        await fetch(authorizeUrl(logged), { redirect: 'manual' });
        await fetch(`${apiUrl}/cafe24/callback`);
        await story.send('not json');
      },
    });
    const seen = text + JSON.stringify(logs);
    expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
  });
});
