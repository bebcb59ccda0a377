import { z } from 'zod';
import { AuthorizationCode } from '#events/authorization-code-arrived.ts';
import { AuthorizationErrorCode, AuthorizationRefused } from '#events/authorization-refused.ts';
import { RANDOM_TEXT } from '#shared/cafe24/browser-cookie.ts';
import { codeToAnnouncement } from '#shared/cafe24/code-announcement.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import type { RequestContext } from '#shared/http/http-handler.ts';
import { page } from '#shared/http/page.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import type { HttpResponse } from '#shared/http/response.ts';
import { errorField } from '#shared/log.ts';
import type { Dependencies } from './dependencies.ts';
import { AUTHORIZED, BEGIN_AGAIN, refusedPage } from './pages.ts';

/** One return from Cafe24 on its way through the use case. */
export interface Turn {
  readonly request: HttpRequest;
  readonly context: RequestContext;
  readonly dependencies: Dependencies;
}

/** RFC 6749, sections 4.1.2 and 4.1.2.1: a state, and with it either a code or an error. */
const Query = z.union([
  z.object({
    state: z.string().regex(RANDOM_TEXT),
    error: z.string().transform((text) => AuthorizationErrorCode.catch('unreadable').parse(text)),
  }),
  z.object({ state: z.string().regex(RANDOM_TEXT), code: AuthorizationCode }),
]);

/**
 * Takes what Cafe24 sends a mall's admin back with: `GET /cafe24/callback`.
 *
 * A code is stored, then announced as AuthorizationCodeArrived; should the bus not take it, recovery
 * announces it while it is young. A refusal is told as AuthorizationRefused, if the bus takes it: no
 * grant depends on it.
 *
 * @returns a page: 200 the code is stored; 200 the provider said no; 400 the state is not this
 *   browser's to use (unknown, used, expired, another's), or there is nothing to read.
 * @throws {@link DependencyUnavailableError} (503) the database is away.
 * @remarks A state serves once, so a page that is loaded again answers 400 and changes nothing. It is
 *   spent with the code's storage or not at all: after a 503 the same page may be loaded again.
 */
export async function receiveCafe24Code(turn: Turn): Promise<HttpResponse> {
  const { request, context, dependencies } = turn;
  const receivedAt = dependencies.clock();
  const query = Query.safeParse(request.query);
  const browser = dependencies.cookie.read(request);
  if (!query.success || browser === undefined) return beginAgain(turn);
  const { state } = query.data;
  if ('error' in query.data) {
    const mallId = await dependencies.states.consume({ state, browser });
    return mallId === undefined ? beginAgain(turn) : await refuse(mallId, query.data.error, turn);
  }
  const { code } = query.data;
  const stored = await dependencies.states.consumeFor({ state, browser }, { code, receivedAt });
  if (stored === undefined) return beginAgain(turn);
  context.log.info('authorization-code-stored', { ...stored });
  await tell(codeToAnnouncement(stored, dependencies.newId()), turn);
  return page(200, AUTHORIZED);
}

function beginAgain({ context }: Turn): HttpResponse {
  context.log.info('authorization-state-refused');
  return page(400, BEGIN_AGAIN);
}

async function refuse(mallId: string, error: string, turn: Turn): Promise<HttpResponse> {
  const { clock, newId } = turn.dependencies;
  turn.context.log.info('authorization-refused', { mallId, providerError: error });
  const metadata = { eventId: newId(), occurredAt: clock().toISOString() };
  await tell(
    {
      detailType: AuthorizationRefused.detailType,
      detail: { provider: 'cafe24', mallId, error, metadata },
    },
    turn,
  );
  return page(200, refusedPage(error));
}

async function tell(event: OutcomeEvent, { context, dependencies }: Turn): Promise<void> {
  try {
    await dependencies.bus.publish(event);
  } catch (error) {
    context.log.warn('event-not-published', {
      detailType: event.detailType,
      ...errorField(error),
    });
  }
}
