import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import { readRefusal } from '#shared/cafe24/refusal.ts';
import { readTokenResponse } from '#shared/cafe24/token-response.ts';
import type { Provider, Redeemed } from '#shared/grants/ports.ts';
import type { MallMemory } from '#test/support/cafe24-provider/memory.ts';
import { application, rightRequest } from '#test/support/cafe24-provider/unplugged.ts';
import type { Answer, HttpAnswer } from '#test/support/scripted-provider/answers.ts';
import type { Fault } from '#test/support/scripted-provider/wire-switches.ts';
import type { Post } from './ledger.ts';
import type { Line } from './line.ts';
import { isAway } from './weather.ts';

type Outcome = Redeemed<Cafe24Grant>;

interface Journey {
  readonly post: Post;
  readonly line: Line;
  readonly ticket: Cafe24Ticket;
  readonly arriveMs: number;
  readonly returnMs: number;
  readonly fault: Fault | undefined;
  readonly isLost: boolean;
}

const lost: Outcome = { kind: 'unknown', reason: 'connection-lost' };
const timedOut: Outcome = { kind: 'unknown', reason: 'timeout' };

/**
 * Cafe24 behind a network in virtual time. Requests and answers are read and judged by the real
 * parts; only the socket is missing. A request that is under way arrives whatever becomes of its
 * sender.
 */
export function simulatedCafe24(
  line: Line,
  onGrant: (grant: Cafe24Grant) => void,
): Provider<Cafe24Ticket, Cafe24Grant> {
  const { process } = line;
  const { world } = process;
  return {
    async redeem(ticket, timeoutMs) {
      const call = { name: 'post', place: 'wire', perform: () => Promise.resolve() } as const;
      const ending = await line.before({ ...call, failure: () => new NotSent() }).catch(onNotSent);
      if (ending instanceof NotSent) return { kind: 'failed', reason: 'not-connected' };
      const outcome = await send(line, ticket, timeoutMs);
      if (outcome.kind === 'granted') {
        world.ledger.reached(process, outcome.grant.refreshToken);
        onGrant(outcome.grant);
        maybeLoseDatabase(line);
      }
      if (ending === 'stop-after') await line.after(call, ending);
      world.note(process, `post: ${outcome.kind}`);
      return outcome;
    },
  };
}

function maybeLoseDatabase({ process: { world, random } }: Line): void {
  const { weather, isHealed, scheduler } = world;
  if (isHealed || !random.chance(weather.awayAtAnswer)) return;
  const fromMs = scheduler.nowMs;
  const window = { fromMs, untilMs: fromMs + random.between(1_000, 70_000) };
  weather.away.database.push(window);
  if (random.chance(0.1)) weather.away.escrow.push(window);
}

class NotSent extends Error {}

function onNotSent(error: unknown): NotSent {
  if (error instanceof NotSent) return error;
  throw error;
}

async function send(line: Line, ticket: Cafe24Ticket, timeoutMs: number): Promise<Outcome> {
  const { process } = line;
  const { scheduler, ledger } = process.world;
  const post: Post = {
    mallId: ticket.mallId,
    grantType: ticket.form['grant_type'] ?? '',
    process,
    sentMs: scheduler.nowMs,
    isUnderWay: true,
  };
  ledger.post(post);
  const journey = journeyOf(post, line, ticket);
  const { arriveMs, returnMs } = journey;
  let outcome: Outcome = timedOut;
  let deliver = (): void => undefined;
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  let isOver = false;
  const end = (reached: Outcome) => {
    if (isOver) return undefined;
    isOver = true;
    post.isUnderWay = false;
    outcome = reached;
    if (!process.isAlive) return undefined;
    return scheduler.run(line, deliver);
  };
  scheduler.at(post.sentMs + arriveMs, () => {
    const answer = arrive(journey);
    const token = tokenOf(answer);
    if (answer === undefined) return undefined;
    scheduler.at(scheduler.nowMs + returnMs, () => {
      if ((isOver || !process.isAlive) && token !== undefined) ledger.unreached(token);
      return end(read(answer, journey));
    });
    return undefined;
  });
  scheduler.at(post.sentMs + timeoutMs, () => end(timedOut));
  scheduler.done(line);
  await delivered;
  await line.turn(0);
  return outcome;
}

function journeyOf(post: Post, line: Line, ticket: Cafe24Ticket): Journey {
  const { random, world } = line.process;
  const { weather, isHealed } = world;
  const isSlow = (share: number) => !isHealed && random.chance(share);
  const way = (share: number) =>
    isSlow(share) ? random.between(3_000, 25_000) : random.between(20, 150);
  const isFaulty = !isHealed && random.chance(weather.fail.provider);
  return {
    ...{ post, line, ticket },
    arriveMs: way(weather.slowRequest),
    returnMs: way(weather.slowAnswer),
    fault: isFaulty ? someFault(line, false) : undefined,
    isLost: !isHealed && random.chance(weather.loseAnswer.provider),
  };
}

function someFault(line: Line, afterIssuing: boolean): Fault {
  const { random } = line.process;
  return random.pick<Fault>([
    { kind: 'status', status: random.pick([500, 502, 503, 504]), afterIssuing },
    { kind: 'status', status: afterIssuing ? 500 : 429, afterIssuing },
    { kind: 'html', status: 502, afterIssuing },
    { kind: 'reset', afterIssuing },
    { kind: 'hang', afterIssuing },
  ]);
}

/** The request is at the provider, whoever sent it. */
function arrive(journey: Journey): Answer | undefined {
  const { post, ticket } = journey;
  const { provider, ledger } = post.process.world;
  const fault = faultOf(journey);
  if (fault !== undefined) provider.configure(post.mallId, { fault, nextRequests: 1 });
  const before = revokedByReuse(provider.memory(post.mallId));
  const request = provider.receiveTokenRequest(post.mallId, rightRequest(ticketForm(ticket)));
  const answer = request.answer();
  request.finish('answered');
  const memory = provider.memory(post.mallId);
  const issued = ledger.discover(memory);
  if (fault !== undefined) for (const token of issued) ledger.unreached(token);
  const revoked = revokedByReuse(memory).filter((id) => !before.includes(id));
  if (!post.process.isAlive) ledger.reposted(post.mallId, revoked);
  return answer.kind === 'hang' ? undefined : answer;
}

function faultOf({ post, line, fault, isLost }: Journey): Fault | undefined {
  const { scheduler, weather, isHealed } = post.process.world;
  if (fault !== undefined) return fault;
  if (!isHealed && isAway(weather, 'provider', scheduler.nowMs)) return someFault(line, false);
  return isLost ? someFault(line, true) : undefined;
}

function revokedByReuse({ families }: MallMemory): string[] {
  return families
    .filter(({ revokedBecause }) => revokedBecause === 'code-reused')
    .map(({ id }) => id);
}

function ticketForm({ form }: Cafe24Ticket): Record<string, string> {
  return 'redirect_uri' in form ? { ...form, redirect_uri: application.redirectUri } : { ...form };
}

function tokenOf(answer: Answer | undefined): string | undefined {
  if (answer?.kind !== 'http' || answer.status !== 200) return undefined;
  const body = jsonOf(answer) as { refresh_token?: string } | undefined;
  return body?.refresh_token;
}

function jsonOf({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** As the adapter reads it. */
function read(answer: Answer, { post, line }: Journey): Outcome {
  if (answer.kind !== 'http') return lost;
  const body = jsonOf(answer);
  if (answer.status !== 200) return readRefusal(answer.status, body, undefined);
  if (body === undefined) return { kind: 'failed', reason: 'not-json' };
  const found = readTokenResponse(body, new Date(post.sentMs));
  if (found?.grant.mallId !== post.mallId) return { kind: 'unknown', reason: 'unusable-answer' };
  if (found.clocksDisagree) line.process.world.note(line.process, 'clocks disagree');
  return { kind: 'granted', grant: found.grant };
}
