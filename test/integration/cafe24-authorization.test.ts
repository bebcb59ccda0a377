import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { receiveCafe24Code } from '#functions/receive-cafe24-code/receive-cafe24-code.ts';
import { startCafe24Authorization } from '#functions/start-cafe24-authorization/start-cafe24-authorization.ts';
import { browserCookie } from '#shared/cafe24/browser-cookie.ts';
import { cafe24Provider } from '#shared/cafe24/oauth.ts';
import { systemClock } from '#shared/clock.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import { postgresStates } from '#shared/postgres/states.ts';
import { Browser } from '#test/support/browser.ts';
import { cafe24Control } from '#test/support/cafe24-provider/control.ts';
import { type RunningCafe24, startCafe24Provider } from '#test/support/cafe24-provider/server.ts';
import { cafe24Pipeline } from '#test/support/cafe24-pipeline.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';
import {
  startHttpFunctions,
  type HttpFunction,
  type RunningFunctions,
} from '#test/support/http-functions.ts';
import { logText } from '#test/support/log-text.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';

const CLIENT = { clientId: 'authorized-client', clientSecret: 'invented-secret' };
const log = recordingLog();
const stage = new Cafe24Stage();
let functions: RunningFunctions;
let cafe24: RunningCafe24;
let redirectUri: string;
let admin: Browser;
let busIsAway: boolean;

beforeAll(async () => {
  const routes = () => ({
    'GET /cafe24/authorize': authorizeFunction(),
    'GET /cafe24/callback': callbackFunction(),
  });
  functions = await startHttpFunctions(
    (route) => (routes() as Partial<Record<string, HttpFunction>>)[route],
  );
  redirectUri = `${functions.origin}/cafe24/callback`;
  cafe24 = await startCafe24Provider({ ...CLIENT, redirectUri });
});
afterAll(async () => {
  await functions.stop();
  await cafe24.stop();
});
beforeEach(() => {
  admin = new Browser();
  busIsAway = false;
});

const begin = (browser = admin, stopBefore?: string) =>
  browser.open(`${functions.origin}/cafe24/authorize?mall=${stage.mallId}`, stopBefore);
const codesOfMall = () =>
  stage.test.sql('select id, code from cafe24.oauth_authorization_codes where mall_id = $1', [
    stage.mallId,
  ]);

describe('authorizing in a browser', () => {
  it('ends with a code in the table, its announcement, and a page without the code', async () => {
    const { status, text } = await begin();
    expect(status).toBe(200);
    expect(text).toContain('Your mall has authorized us');
    const codes = await codesOfMall();
    expect(codes).toHaveLength(1);
    expect(stage.published).toMatchObject([
      { detailType: 'AuthorizationCodeArrived', detail: { codeId: codes[0]?.['id'] } },
    ]);
    expect(text + logText(log)).not.toContain(codes[0]?.['code']);
  });

  it('revives a dead grant: from the redirect to an active row', async () => {
    await stage.authorize();
    await stage.test.sql(
      `update cafe24.oauth_tokens set status = 'reauthorization-required' where mall_id = $1`,
      [stage.mallId],
    );
    // The code that the mall came with first is older than the one to come.
    await stage.test.sql(
      `update cafe24.oauth_authorization_codes set received_at = received_at - interval '1 s'
        where mall_id = $1`,
      [stage.mallId],
    );
    await begin();
    const announced = stage.published.at(-1)?.detail as { codeId: string };
    const exchanged = await pipeline().exchange({ mallId: stage.mallId, codeId: announced.codeId });
    expect(exchanged).toBe('issued');
    const row = await stage.row();
    expect(row).toMatchObject({ status: 'active', version: 2 });
    const control = cafe24Control(cafe24.controlUrl);
    expect(await control.isAlive(row?.['refresh_token'] as string)).toBe(true);
  });

  it('answers the page that is loaded again with 400 and keeps one code', async () => {
    const { url } = await begin();
    const again = await admin.open(url);
    expect(again).toMatchObject({ status: 400 });
    expect(again.text).toContain('If you have seen that the mall is authorized, all is well');
    expect(await codesOfMall()).toHaveLength(1);
  });

  it('does not let one browser finish what another began', async () => {
    const stolen = await interceptedCallback();
    expect(await new Browser().open(stolen)).toMatchObject({ status: 400 });
    const other = new Browser();
    await begin(other);
    expect(await other.open(stolen)).toMatchObject({ status: 400 });
    expect(await codesOfMall()).toHaveLength(1);
    expect(await admin.open(stolen)).toMatchObject({ status: 200 });
    expect(await codesOfMall()).toHaveLength(2);
  });

  it('closes the way back after 10 minutes', async () => {
    const late = await interceptedCallback();
    await stage.shiftClock(601);
    expect(await admin.open(late)).toMatchObject({ status: 400 });
    expect(await codesOfMall()).toEqual([]);
  });

  it('tells of an admin who refuses', async () => {
    await cafe24Control(cafe24.controlUrl).configure(stage.mallId, { adminRefuses: true });
    const { status, text } = await begin();
    expect(status).toBe(200);
    expect(text).toContain('access_denied');
    expect(stage.published).toMatchObject([
      { detailType: 'AuthorizationRefused', detail: { error: 'access_denied' } },
    ]);
    expect(await codesOfMall()).toEqual([]);
  });

  it('leaves a code that could not be announced to recovery', async () => {
    busIsAway = true;
    expect(await begin()).toMatchObject({ status: 200 });
    await stage.shiftClock(11);
    await stage.pipeline.recover();
    const [code] = await codesOfMall();
    expect(stage.published).toMatchObject([
      { detailType: 'AuthorizationCodeArrived', detail: { codeId: code?.['id'] } },
    ]);
  });
});

/** Where Cafe24 sends the admin's browser, which has not followed. */
async function interceptedCallback(): Promise<string> {
  const { next } = await begin(admin, redirectUri);
  return next!;
}

function pipeline() {
  const clientSecret = {
    read: () => Promise.resolve(CLIENT.clientSecret),
    forget: () => undefined,
  };
  const client = { apiUrl: cafe24.apiUrl, clientId: CLIENT.clientId, clientSecret };
  const provider = cafe24Provider(client, { clock: systemClock, log });
  return cafe24Pipeline({ ...stage.parts, provider, redirectUri });
}

function authorizeFunction(): HttpFunction {
  const application = {
    apiUrl: cafe24.apiUrl,
    clientId: CLIENT.clientId,
    redirectUri,
    scopes: 'mall.read_product,mall.read_order',
  };
  const dependencies = {
    malls: new Set([stage.mallId]),
    application,
    states: postgresStates(stage.test.database),
    cookie: browserCookie(redirectUri),
    newSecret: () => randomBytes(32).toString('base64url'),
  };
  return httpHandler(
    {
      route: 'GET /cafe24/authorize',
      answer: (request) => startCafe24Authorization(request, dependencies),
    },
    { log, metrics: recordingMetrics() },
  );
}

function callbackFunction(): HttpFunction {
  const { database, bus } = stage.parts;
  const dependencies = {
    states: postgresStates(database),
    cookie: browserCookie(redirectUri),
    codes: postgresAuthorizationCodes(database),
    bus: busIsAway ? { publish: () => Promise.reject(new Error('away')) } : bus,
    clock: systemClock,
    newId: randomUUID,
  };
  return httpHandler(
    {
      route: 'GET /cafe24/callback',
      answer: (request, context) => receiveCafe24Code({ request, context, dependencies }),
    },
    { log, metrics: recordingMetrics() },
  );
}
