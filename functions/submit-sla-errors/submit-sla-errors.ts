import type { RequestContext } from '#shared/http/http-handler.ts';
import { parseJsonBody } from '#shared/http/json-body.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import { ok, type HttpResponse } from '#shared/http/response.ts';
import type { Dependencies } from './dependencies.ts';
import { filesToEvents } from './submission-events.ts';
import { submissionIn } from './submission.ts';

/** One request on its way through the use case. */
export interface Turn {
  readonly request: HttpRequest;
  readonly context: RequestContext;
  readonly dependencies: Dependencies;
}

/**
 * Takes a report of files that stay longer than they may, and publishes it as SlaErrorSubmitted.
 *
 * @returns 200 `{message, submissionId, files}`, only after the bus has taken every file.
 * @throws AuthenticationError (401) nothing was read.
 * @throws BadRequestError (400) names every problem; nothing was published.
 * @throws DependencyUnavailableError (503) the token can not be judged now; nothing was read.
 * @throws PublishFailedError (503) a part may be published; to send all again does no harm, since
 *   a file is recorded once however often it comes.
 */
export async function submitSlaErrors(turn: Turn): Promise<HttpResponse> {
  const { request, context, dependencies } = turn;
  const { tokens, bus, zone, clock, newId } = dependencies;
  const { subject } = await tokens.verify(request.header('authorization'));
  const files = parseJsonBody(request.body, submissionIn(zone));

  const submissionId = newId();
  const events = filesToEvents(files, {
    submissionId,
    submittedBy: subject,
    submittedAt: clock(),
  });
  await bus.publishAll(events, context.deadline);
  context.log.info('sla-errors-submitted', {
    submissionId,
    submittedBy: subject,
    files: files.length,
    events: events.length,
  });
  return ok({ message: 'Data successfully processed', submissionId, files: files.length });
}
