import type { RequestContext } from '#shared/http/http-handler.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import { badRequest, ok, type HttpResponse } from '#shared/http/response.ts';
import type { Dependencies } from './dependencies.ts';
import { filesToEvents } from './submission-events.ts';
import { readSubmission, type Submission } from './submission.ts';

/** One request on its way through the use case. */
export interface Turn {
  readonly request: HttpRequest;
  readonly context: RequestContext;
  readonly dependencies: Dependencies;
}

/**
 * Takes a report of files that stay longer than they may, and publishes it as SlaErrorSubmitted.
 *
 * @returns 200 `{message, submissionId, files}`, only after the bus has taken every file; 400
 *   `{message, accepted, submissionId, problems}` where something is wrong: each problem by its
 *   path, and the number of the files that are right: these the bus has taken.
 * @throws AuthenticationError (401) nothing was read.
 * @throws DependencyUnavailableError (503) the token can not be judged now; nothing was read.
 * @throws PublishFailedError (503) a part may be published; to send all again does no harm, since
 *   a file is recorded once however often it comes.
 */
export async function submitSlaErrors(turn: Turn): Promise<HttpResponse> {
  const { request, dependencies } = turn;
  const { subject } = await dependencies.tokens.verify(request.header('authorization'));
  const submission = readSubmission(request.body, dependencies.zone);
  const { files, problems } = submission;
  const submissionId = files.length > 0 ? await publish(submission, subject, turn) : undefined;
  return problems.length === 0
    ? ok({ message: 'Data successfully processed', submissionId, files: files.length })
    : badRequest(problems, { accepted: files.length, submissionId });
}

async function publish(
  { files, problems }: Submission,
  submittedBy: string,
  { context, dependencies }: Turn,
): Promise<string> {
  const { bus, clock, newId } = dependencies;
  const submissionId = newId();
  const events = filesToEvents(files, { submissionId, submittedBy, submittedAt: clock() });
  await bus.publishAll(events, context.deadline);
  context.log.info('sla-errors-submitted', {
    submissionId,
    submittedBy,
    files: files.length,
    events: events.length,
    problems: problems.length,
  });
  return submissionId;
}
