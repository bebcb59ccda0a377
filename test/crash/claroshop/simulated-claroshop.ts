import { CLAROSHOP_CLIENT_ID } from '#shared/claroshop/config.ts';
import type { ClaroshopGrant, ClaroshopTicket } from '#shared/claroshop/grant.ts';
import { readClaroshopAnswer, ticketToForm } from '#shared/claroshop/oauth.ts';
import type { Attempt, Provider } from '#shared/grants/ports.ts';
import { toAnswered } from '#shared/oauth/post-form.ts';
import { subjectToAccount } from '#shared/claroshop/subject.ts';
import { claroshopLosses, claroshopOddities } from '#test/support/claroshop-provider/oddities.ts';
import type { Configuration } from '#test/support/claroshop-provider/switches.ts';
import { claroshopWordings } from '#test/support/claroshop-provider/wordings.ts';
import { asSent, distantProvider } from '../journey.ts';
import type { Post } from '../ledger.ts';
import type { Line } from '../line.ts';
import { credentialsKey, rightRequest, usernameOf, type ClaroshopWorld } from './world.ts';

interface Watch {
  /** What the process has declared last. */
  readonly current: () => Attempt;
  readonly onGrant: (grant: ClaroshopGrant) => void;
}

/** The scripted ClaroShop, to which this process's requests travel in virtual time. */
export function simulatedClaroshop(
  line: Line<ClaroshopWorld>,
  { current, onGrant }: Watch,
): Provider<ClaroshopTicket, ClaroshopGrant> {
  const { process } = line;
  const { world } = process;
  const distant = distantProvider<ClaroshopTicket, ClaroshopGrant>(line, {
    describe: (ticket) => {
      const { attemptId, subject: declared } = current();
      const subject = subjectToAccount(declared);
      if (!process.isZombie) noteRepetition(world, ticket, subject);
      // One lease per account, whatever the grant.
      return { subject, grantType: 'any', attemptId };
    },
    arrive: (ticket, post, fault) => {
      const username = usernameOf(post.subject);
      const answering = fault === undefined ? oddityOf(world, process) : { fault };
      world.provider.configure(username, { ...answering, nextRequests: 1 });
      const answer = ask(world, ticket);
      const issued = world.discover(post.subject);
      if (fault !== undefined) for (const token of issued) world.ledger.unreached(token);
      if (LOSSES.includes(answering)) for (const token of issued) world.ledger.useless(token);
      const [token] = issued;
      if (ticket.grantType === 'refresh_token' && token !== undefined) {
        world.chronicle.rotated(ticket.refreshToken, token);
      }
      noteRefusal(world, ticket, post);
      return answer;
    },
    tokenOf: (body) => (body as { access_token?: string } | undefined)?.access_token,
    read: ({ status, body }, ticket, { sentMs }) =>
      readClaroshopAnswer(toAnswered(status, body), ticket, new Date(sentMs)),
    onGrant: (grant) => {
      world.ledger.reached(process, grant.accessToken);
      const { attemptId, subject } = current();
      const account = subjectToAccount(subject);
      world.chronicle.granted(attemptId, { account, token: grant.accessToken });
      onGrant(grant);
    },
  });
  return {
    async redeem(ticket, timeoutMs) {
      const redeemed = await distant.redeem(ticket, timeoutMs);
      const isOver = redeemed.kind !== 'granted' && redeemed.kind !== 'refused';
      const isRefusal = redeemed.kind === 'refused' && ticket.grantType === 'password';
      if (isOver || isRefusal) world.chronicle.owes(process, current().attemptId);
      return redeemed;
    },
  };
}

const UNRECOGNIZED = claroshopWordings.filter(({ means }) => means === 'unrecognized');
const LOSSES: readonly Configuration[] = Object.values(claroshopLosses);
const ODDITIES: readonly Configuration[] = [...Object.values(claroshopOddities), ...LOSSES];

/** An answer as the wild has them: a grant in wrappings, one that is of no use, a refusal in other words. */
function oddityOf(
  { weather, isHealed }: ClaroshopWorld,
  { random }: Line<ClaroshopWorld>['process'],
): Configuration {
  if (isHealed || !random.chance(weather.oddities)) return {};
  if (random.chance(0.7)) return random.pick(ODDITIES);
  const { status, error, description } = random.pick(UNRECOGNIZED);
  return { fault: { kind: 'refusal', status, error, ...(description && { description }) } };
}

/** Nobody shows again what he may know to be spent or refused. */
function noteRepetition(world: ClaroshopWorld, ticket: ClaroshopTicket, account: string): void {
  const { chronicle, ledger } = world;
  if (ticket.grantType === 'password') {
    chronicle.asks(account, credentialsKey(ticket));
    return;
  }
  const successor = chronicle.successorOf(ticket.refreshToken);
  const isStored = successor !== undefined && ledger.grants.get(successor)?.fate === 'saved';
  if (isStored) chronicle.shownAgain.push(account);
}

function noteRefusal(world: ClaroshopWorld, ticket: ClaroshopTicket, post: Post): void {
  if (ticket.grantType !== 'password') return;
  const { subject: account, attemptId = '' } = post;
  const last = world.provider.memory(usernameOf(account)).requests.at(-1);
  if (last?.error !== 'invalid_grant') return;
  const credentials = credentialsKey(ticket);
  world.chronicle.refused({ account, credentials, attemptId, isLearned: false });
}

function ask({ provider }: ClaroshopWorld, ticket: ClaroshopTicket) {
  const form = { client_id: CLAROSHOP_CLIENT_ID, ...ticketToForm(ticket) };
  const request = provider.receiveTokenRequest(rightRequest(form));
  const answer = asSent(request.answer(), request.switches);
  request.finish('answered');
  return answer;
}
