import { announceCafe24Codes } from '#functions/announce-cafe24-codes/announce-cafe24-codes.ts';
import { receiveCafe24Code } from '#functions/receive-cafe24-code/receive-cafe24-code.ts';
import { startCafe24Authorization } from '#functions/start-cafe24-authorization/start-cafe24-authorization.ts';
import { browserCookie } from '#shared/cafe24/browser-cookie.ts';
import type { AuthorizationCodes } from '#shared/grants/exchange-ports.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import type { HttpResponse } from '#shared/http/response.ts';
import { postgresAnnouncements } from '#shared/postgres/announcements.ts';
import type { Database } from '#shared/postgres/database.ts';
import { postgresStates } from '#shared/postgres/states.ts';
import { application } from '#test/support/cafe24-provider/unplugged.ts';
import type { Line } from '../line.ts';
import type { Random } from '../random.ts';
import { publish } from './stepped-ports.ts';
import type { Cafe24World } from './world.ts';

/** Those by which codes come: the two pages, and who announces what other software inserted. */
export interface CodeFunctions {
  authorize(request: HttpRequest): Promise<HttpResponse>;
  receive(request: HttpRequest): Promise<HttpResponse>;
  announce(request: object): Promise<unknown>;
}

interface Means {
  readonly line: Line<Cafe24World>;
  readonly database: Database;
  readonly codes: AuthorizationCodes;
  readonly bus: OutcomePublisher;
}

export function codeFunctions({ line, database, codes, bus }: Means): CodeFunctions {
  const { process } = line;
  const { world, random } = process;
  const { log, malls } = world;
  const deadline = { remainingMs: () => process.remainingMs() };
  const clock = () => world.scheduler.now;
  const pages = {
    states: postgresStates(database),
    cookie: browserCookie(application.redirectUri),
    newId: () => random.uuid(),
    ...{ codes, bus, clock },
  };
  return {
    authorize: (request) =>
      startCafe24Authorization(request, {
        ...pages,
        malls: new Set(malls),
        application: { ...application, apiUrl: 'https://{mallId}.example', scopes: 'mall.read' },
        newSecret: () => secretOf(random),
      }),
    receive: (request) =>
      receiveCafe24Code({ request, context: { log, deadline }, dependencies: pages }),
    announce: (request) =>
      announceCafe24Codes(request, deadline, {
        ...{ malls, mallId: undefined, clock, log },
        announcements: postgresAnnouncements(database),
        bus: {
          publishAll: (events) => publish(line, { name: 'publish-codes', events, onTaken }),
        },
        pause: (ms) => line.turn(ms),
      }),
  };

  function onTaken(event: Parameters<typeof world.published>[0]): void {
    world.announced.taken(process, event);
  }
}

/** 32 bytes as base64url. */
function secretOf(random: Random): string {
  return Buffer.from(Array.from({ length: 32 }, () => random.whole(0, 255))).toString('base64url');
}
