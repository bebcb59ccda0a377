import type { HttpRequest } from '#shared/http/request.ts';
import type { HttpResponse } from '#shared/http/response.ts';
import { atTime } from './crash-database.ts';
import type { Cafe24World } from './world.ts';

const MOST_RELOADS = 3;

/** The mall's admin agrees: in a browser, or where other software takes the code. */
export async function authorize(world: Cafe24World, mallId: string): Promise<void> {
  world.note(undefined, `${mallId} authorizes`);
  const { browsing, weather, isHealed } = world;
  if (!isHealed && browsing.chance(weather.inBrowser)) await openLink(world, mallId, 1);
  else await arriveElsewhere(world, mallId);
}

/** The code is announced: in the event, or by its row's id. */
async function arriveElsewhere(world: Cafe24World, mallId: string): Promise<void> {
  const { provider, queues, random, database, scheduler } = world;
  const code = provider.issueCode(mallId);
  const isInline = random.chance(0.5);
  if (isInline) {
    queues.send('exchange', { mallId, code });
    return;
  }
  const [row] = await database.sql(
    atTime(
      scheduler.nowMs,
      `insert into cafe24.oauth_authorization_codes (mall_id, code, received_at)
       values ($1, $2, cafe24.clock()) returning id`,
    ),
    [mallId, code],
  );
  // Recovery finds it, or who announces such codes.
  if (!world.isHealed && random.chance(world.weather.unannounced)) return;
  queues.send('exchange', { mallId, codeId: String(row?.['id']) });
}

/** Opens the mall's link, and again after a failure. */
export async function openLink(world: Cafe24World, mallId: string, tries: number): Promise<void> {
  const request = requestOf({ mall: mallId }, undefined);
  await world.browse('authorize', request, (begun) => {
    const { location = '', 'set-cookie': cookie } = begun?.headers ?? {};
    const state = URL.canParse(location) ? new URL(location).searchParams.get('state') : null;
    if (state === null || cookie === undefined) {
      if (tries < MOST_RELOADS) later(world, 5_000, () => openLink(world, mallId, tries + 1));
      return;
    }
    later(world, 5_000, () => agree(world, { mallId, state, cookie }));
  });
}

interface Begun {
  readonly mallId: string;
  readonly state: string;
  /** As the browser was told it. */
  readonly cookie: string;
}

/** Cafe24 sends the browser back, at times twice and with two codes. */
async function agree(world: Cafe24World, begun: Begun): Promise<void> {
  const { browsing, weather, provider } = world;
  const comeBack = () => arrive(world, begun, { code: provider.issueCode(begun.mallId), tries: 1 });
  if (browsing.chance(weather.replay)) later(world, 40, comeBack);
  await comeBack();
}

async function arrive(
  world: Cafe24World,
  begun: Begun,
  { code, tries }: { readonly code: string; readonly tries: number },
): Promise<void> {
  const { state, cookie } = begun;
  world.states.shown(state, code);
  const request = requestOf({ state, code }, cookie.split(';')[0]);
  await world.browse('receive', request, (answer) => {
    if (answer?.status === 200) {
      world.states.accepted(state, code);
      return;
    }
    if (tries === MOST_RELOADS) return;
    const next = { code, tries: tries + 1 };
    later(world, 5_000, () =>
      answer?.status === 400
        ? openLink(world, begun.mallId, MOST_RELOADS)
        : arrive(world, begun, next),
    );
  });
}

function later({ scheduler, browsing }: Cafe24World, withinMs: number, act: () => unknown): void {
  scheduler.at(scheduler.nowMs + browsing.between(1, withinMs), act);
}

export type OnAnswer = (answer: HttpResponse | undefined) => void;

function requestOf(query: Readonly<Record<string, string>>, cookie?: string): HttpRequest {
  const header = (name: string) => (name === 'cookie' ? cookie : undefined);
  return { query, repeated: [], body: '', header };
}
