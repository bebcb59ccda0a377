import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { deadlineOf, type Deadline } from '../clock.ts';
import { DependencyUnavailableError, PublishFailedError } from '../errors.ts';
import { errorField, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { AuthenticationError, BadRequestError } from './errors.ts';
import { eventToRequest, type HttpRequest } from './request.ts';
import {
  badRequest,
  internalError,
  responseToResult,
  unauthorized,
  unavailable,
  type HttpResponse,
} from './response.ts';

export interface RequestContext {
  /** Carries route and requestId. */
  readonly log: Log;
  readonly deadline: Deadline;
}

export interface HttpRoute {
  /** As API Gateway names it: `POST /auth`. */
  readonly route: string;
  readonly answer: (request: HttpRequest, context: RequestContext) => Promise<HttpResponse>;
  /** How the caller hears that the fault is ours; in JSON, unless a browser reads it. */
  readonly faults?: Faults;
}

export interface Faults {
  /** Something that is needed is away now (503). */
  unavailable(): HttpResponse;
  /** Anything else (500). */
  internalError(): HttpResponse;
}

const JSON_FAULTS: Faults = { unavailable, internalError };

export interface HttpHandlerDependencies {
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Makes the Lambda handler of one route of API Gateway's REST proxy.
 *
 * What `answer` throws becomes 400 ({@link BadRequestError}), 401 ({@link AuthenticationError}), 503
 * (a dependency is away, the bus did not take an event) or 500 (anything else); only the log learns
 * why. Counts `Requests` by route and `Responses` by route and status.
 *
 * @returns a handler that never throws.
 */
export function httpHandler(
  { route, answer, faults = JSON_FAULTS }: HttpRoute,
  { log: functionLog, metrics }: HttpHandlerDependencies,
): (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult> {
  return async (event, context) => {
    const log = functionLog.child({ route, requestId: event.requestContext.requestId });
    const deadline = deadlineOf(context);
    metrics.count('Requests', { route });
    const response = await respond(() => answer(eventToRequest(event), { log, deadline }), {
      log,
      faults,
    });
    metrics.count('Responses', { route, status: String(response.status) });
    log.info('request-answered', { status: response.status });
    return responseToResult(response);
  };
}

interface Means {
  readonly log: Log;
  readonly faults: Faults;
}

async function respond(answer: () => Promise<HttpResponse>, means: Means): Promise<HttpResponse> {
  const { log } = means;
  try {
    return await answer();
  } catch (thrown) {
    if (thrown instanceof BadRequestError) {
      log.info('request-invalid', { problems: thrown.problems.length });
      return badRequest(thrown.problems);
    }
    if (thrown instanceof AuthenticationError) {
      log.info('caller-refused', { code: thrown.code });
      return unauthorized();
    }
    return ourFault(thrown, means);
  }
}

function ourFault(thrown: unknown, { log, faults }: Means): HttpResponse {
  log.error('request-failed', errorField(thrown));
  return thrown instanceof DependencyUnavailableError || thrown instanceof PublishFailedError
    ? faults.unavailable()
    : faults.internalError();
}
