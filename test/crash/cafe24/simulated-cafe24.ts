import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { readCafe24Answer, type Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import type { Provider, Redeemed } from '#shared/grants/ports.ts';
import { toAnswered } from '#shared/oauth/post-form.ts';
import type { MallMemory } from '#test/support/cafe24-provider/memory.ts';
import type { Configuration } from '#test/support/cafe24-provider/switches.ts';
import { application, rightRequest } from '#test/support/cafe24-provider/unplugged.ts';
import type { HttpAnswer } from '#test/support/scripted-provider/answers.ts';
import type { Fault } from '#test/support/scripted-provider/wire-switches.ts';
import { asSent, distantProvider } from '../journey.ts';
import type { Post } from '../ledger.ts';
import type { Line } from '../line.ts';
import { someLoss, unknownRefusal } from './oddities.ts';
import type { Cafe24World } from './world.ts';

/** The scripted Cafe24, to which this process's requests travel in virtual time. */
export function simulatedCafe24(
  line: Line<Cafe24World>,
  onGrant: (grant: Cafe24Grant) => void,
): Provider<Cafe24Ticket, Cafe24Grant> {
  const { process } = line;
  const { world } = process;
  return distantProvider<Cafe24Ticket, Cafe24Grant>(line, {
    describe: ({ mallId, form }) => ({ subject: mallId, grantType: form['grant_type'] ?? '' }),
    arrive: (ticket, post, fault) => arrive(world, ticket, { post, fault }),
    tokenOf: (body) => (body as { refresh_token?: string } | undefined)?.refresh_token,
    read: (answer, ticket, post) => read(answer, ticket, { post, world }),
    onGrant: (grant) => {
      world.ledger.reached(process, grant.refreshToken);
      onGrant(grant);
    },
  });
}

interface Arrival {
  readonly post: Post;
  readonly fault: Fault | undefined;
}

function arrive(world: Cafe24World, ticket: Cafe24Ticket, arrival: Arrival) {
  const { provider, ledger, repostedFamilies } = world;
  const { mallId } = ticket;
  const { post, fault = oddFault(world) } = arrival;
  const loss = fault === undefined ? lossOf(world) : undefined;
  if (fault !== undefined) provider.configure(mallId, { fault, nextRequests: 1 });
  if (loss !== undefined) provider.configure(mallId, { ...loss, nextRequests: 1 });
  const before = revokedByReuse(provider.memory(mallId));
  const request = provider.receiveTokenRequest(mallId, rightRequest(ticketForm(ticket)));
  const answer = asSent(request.answer(), request.switches);
  request.finish('answered');
  const memory = provider.memory(mallId);
  const pairs = memory.families.flatMap((family) => family.pairs);
  const issued = ledger.discover(pairs.map(({ refreshToken }) => refreshToken));
  if (fault !== undefined) for (const token of issued) ledger.unreached(token);
  if (loss !== undefined) for (const token of issued) ledger.useless(token);
  const revoked = revokedByReuse(memory).filter((id) => !before.includes(id));
  if (!post.process.isAlive) for (const id of revoked) repostedFamilies.add(`${mallId}/${id}`);
  return answer;
}

function oddFault({ isHealed, odd, weather }: Cafe24World): Fault | undefined {
  const isOdd = !isHealed && odd.chance(weather.odd.unknownRefusals);
  return isOdd ? unknownRefusal(odd) : undefined;
}

function lossOf({ isHealed, losing, weather }: Cafe24World): Configuration | undefined {
  return !isHealed && losing.chance(weather.odd.losses) ? someLoss(losing) : undefined;
}

function revokedByReuse({ families }: MallMemory): string[] {
  return families
    .filter(({ revokedBecause }) => revokedBecause === 'code-reused')
    .map(({ id }) => id);
}

function ticketForm({ form }: Cafe24Ticket): Record<string, string> {
  return 'redirect_uri' in form ? { ...form, redirect_uri: application.redirectUri } : { ...form };
}

function read(
  { status, body }: HttpAnswer,
  { mallId, form }: Cafe24Ticket,
  { post, world }: { readonly post: Post; readonly world: Cafe24World },
): Redeemed<Cafe24Grant> {
  const asked = { mallId, clientId: application.clientId, requestedAt: new Date(post.sentMs) };
  const redeemed = readCafe24Answer(toAnswered(status, body), form, asked);
  if (redeemed.kind !== 'granted') return redeemed;
  const { grant, clocksDisagree } = redeemed.grant;
  if (clocksDisagree) world.note(post.process, 'clocks disagree');
  return { kind: 'granted', grant };
}
