import type { Provider, Redeemed } from '#shared/grants/ports.ts';
import { toAnswered } from '#shared/oauth/post-form.ts';
import type { Answer, HttpAnswer } from '#test/support/scripted-provider/answers.ts';
import type { Fault, WireSwitches } from '#test/support/scripted-provider/wire-switches.ts';
import type { Post } from './ledger.ts';
import type { Line } from './line.ts';
import { isAway } from './skies.ts';

/** A scripted provider without its network. */
export interface Counterpart<Ticket, Grant> {
  /** Whose grant is asked for, and how. */
  describe(ticket: Ticket): Pick<Post, 'subject' | 'grantType' | 'attemptId'>;
  /** The request is there, whoever sent it. @returns its answer, which the fault may replace. */
  arrive(ticket: Ticket, post: Post, fault: Fault | undefined): Answer;
  /** The grant that a good answer brings, by the token that the ledger knows. */
  tokenOf(body: unknown): string | undefined;
  /** As the adapter reads it. */
  read(answer: HttpAnswer, ticket: Ticket, post: Post): Redeemed<Grant>;
  /** A grant has reached its process. */
  onGrant(grant: Grant): void;
}

/** One request and its way back. */
interface Journey<Grant> {
  readonly post: Post;
  readonly line: Line;
  readonly arriveMs: number;
  readonly returnMs: number;
  readonly fault: Fault | undefined;
  readonly isLost: boolean;
  readonly arrive: (fault: Fault | undefined) => Answer;
  readonly tokenOf: (body: unknown) => string | undefined;
  readonly read: (answer: HttpAnswer) => Redeemed<Grant>;
}

const lost = { kind: 'unknown', reason: 'connection-lost' } as const;
const timedOut = { kind: 'unknown', reason: 'timeout' } as const;

/**
 * A provider behind a network in virtual time. Requests and answers are judged and read by the real
 * parts; only the socket is missing. A request that is under way arrives whatever becomes of its
 * sender.
 */
export function distantProvider<Ticket, Grant>(
  line: Line,
  counterpart: Counterpart<Ticket, Grant>,
): Provider<Ticket, Grant> {
  const { process } = line;
  const { world } = process;
  return {
    async redeem(ticket, timeoutMs) {
      const call = { name: 'post', place: 'wire', perform: () => Promise.resolve() } as const;
      const ending = await line.before({ ...call, failure: () => new NotSent() }).catch(onNotSent);
      if (ending instanceof NotSent) return { kind: 'failed', reason: 'not-connected' };
      const journey = journeyOf(line, ticket, counterpart);
      const outcome = await send(journey, timeoutMs);
      if (outcome.kind === 'granted') {
        counterpart.onGrant(outcome.grant);
        maybeLoseStore(line);
      }
      if (ending === 'stop-after') await line.after(call, ending);
      world.note(process, `post: ${outcome.kind}`);
      return outcome;
    },
  };
}

/** What of an answer comes over the wire. */
export function asSent(answer: Answer, { cutToBytes }: Pick<WireSwitches, 'cutToBytes'>): Answer {
  if (answer.kind !== 'http' || cutToBytes === null) return answer;
  return { ...answer, body: Buffer.from(answer.body).subarray(0, cutToBytes).toString() };
}

function maybeLoseStore({ process: { world, random } }: Line): void {
  const { weather, isHealed, scheduler, ledger } = world;
  if (isHealed || !random.chance(weather.awayAtAnswer)) return;
  const fromMs = scheduler.nowMs;
  const window = { fromMs, untilMs: fromMs + random.between(1_000, 70_000) };
  const [grants, escrow] = ledger.stores;
  weather.away[grants]?.push(window);
  if (random.chance(0.1)) weather.away[escrow]?.push(window);
}

class NotSent extends Error {}

function onNotSent(error: unknown): NotSent {
  if (error instanceof NotSent) return error;
  throw error;
}

async function send<Grant>(journey: Journey<Grant>, timeoutMs: number): Promise<Redeemed<Grant>> {
  const { post, line, arriveMs, returnMs } = journey;
  const { process } = line;
  const { scheduler, ledger } = process.world;
  let outcome: Redeemed<Grant> = timedOut;
  let deliver = (): void => undefined;
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  let isOver = false;
  const end = (reached: Redeemed<Grant>) => {
    if (isOver) return undefined;
    isOver = true;
    post.isUnderWay = false;
    outcome = reached;
    if (!process.isAlive) return undefined;
    return scheduler.run(line, deliver);
  };
  scheduler.at(post.sentMs + arriveMs, () => {
    const answer = journey.arrive(faultOf(journey));
    if (answer.kind === 'hang') return undefined;
    const token = tokenOf(answer, journey);
    scheduler.at(scheduler.nowMs + returnMs, () => {
      if ((isOver || !process.isAlive) && token !== undefined) ledger.unreached(token);
      return end(answer.kind === 'http' ? journey.read(answer) : lost);
    });
    return undefined;
  });
  scheduler.at(post.sentMs + timeoutMs, () => end(timedOut));
  scheduler.done(line);
  await delivered;
  await line.turn(0);
  return outcome;
}

function journeyOf<Ticket, Grant>(
  line: Line,
  ticket: Ticket,
  counterpart: Counterpart<Ticket, Grant>,
): Journey<Grant> {
  const { process } = line;
  const { random, world } = process;
  const { weather, isHealed, scheduler, ledger } = world;
  const sentMs = scheduler.nowMs;
  const post = { ...counterpart.describe(ticket), process, sentMs, isUnderWay: true };
  ledger.post(post);
  const isSlow = (share: number) => !isHealed && random.chance(share);
  const way = (share: number) =>
    isSlow(share) ? random.between(3_000, 25_000) : random.between(20, 150);
  const isFaulty = !isHealed && random.chance(weather.fail.provider ?? 0);
  return {
    ...{ post, line },
    arriveMs: way(weather.slowRequest),
    returnMs: way(weather.slowAnswer),
    fault: isFaulty ? someFault(line, false) : undefined,
    isLost: !isHealed && random.chance(weather.loseAnswer.provider ?? 0),
    arrive: (fault) => counterpart.arrive(ticket, post, fault),
    tokenOf: (body) => counterpart.tokenOf(body),
    read: (answer) => counterpart.read(answer, ticket, post),
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

function faultOf({ line, fault, isLost }: Journey<unknown>): Fault | undefined {
  const { scheduler, weather, isHealed } = line.process.world;
  if (fault !== undefined) return fault;
  if (!isHealed && isAway(weather, 'provider', scheduler.nowMs)) return someFault(line, false);
  return isLost ? someFault(line, true) : undefined;
}

function tokenOf(answer: Answer, journey: Journey<unknown>): string | undefined {
  if (answer.kind !== 'http' || answer.status < 200 || answer.status > 299) return undefined;
  return journey.tokenOf(toAnswered(answer.status, answer.body).body);
}
