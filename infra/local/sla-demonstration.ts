import { z } from 'zod';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { SlaErrorsRecorded } from '#events/sla-errors-recorded.ts';
import { DEMO_ACCOUNT, ensureAccount } from './account.ts';
import type { Stage } from './demonstration.ts';
import type { ObservedEvent } from './event-observer.ts';
import { asExpected } from './expected.ts';
import { eventually } from './eventually.ts';
import { readFunctionLog } from './function-log.ts';
import { callApi, type ApiRequest } from './http-api.ts';
import { masked, type Journey } from './journey.ts';

const SignedIn = z.object({ token: z.string(), expiresIn: z.number() });
const Submitted = z.object({ submissionId: z.string() });
const FoundFile = z.object({
  errorId: z.string(),
  filename: z.string(),
  creationDate: z.string(),
  affectedDate: z.string(),
});
const Found = z.object({ files: z.array(FoundFile) });
const WithTime = z.object({ metadata: z.object({ occurredAt: z.coerce.date() }) });

const HOUR_MS = 3_600_000;
export const DEMO_FOLDER = 'C:\\transit\\in';

/**
 * Signs in, submits a stuck file and finds it, as a sender would, and tells its way.
 *
 * @throws Error a call was refused, or the file did not arrive where it should have within 30 s.
 */
export async function showSlaError(stage: Stage, journey: Journey): Promise<void> {
  await ensureAccount(stage.localAws, stage.stack.userPoolId, DEMO_ACCOUNT);
  const since = new Date();
  const { token, expiresIn } = await ask(stage, 'POST /auth', {
    answer: SignedIn,
    body: DEMO_ACCOUNT,
  });
  journey.stop('http', `POST /auth: ID token ${masked(token)} for ${expiresIn} s`, since);

  const sentAt = new Date();
  const file = { filename: 'a.csv', creationDate: hoursBefore(sentAt, 2).toISOString() };
  const { submissionId } = await ask(stage, 'POST /file_sla_error', {
    answer: Submitted,
    token,
    body: { sla_error: [{ folder: DEMO_FOLDER, sla: 60, files: [file] }] },
  });
  journey.stop('http', `POST /file_sla_error: submission ${submissionId}`, sentAt);
  await tellOfRecording({ stage, journey, submissionId, since });

  const found = await eventually(async () => {
    const request = { answer: Found, token, query: { folder: DEMO_FOLDER, open: 'true' } };
    const { files } = await ask(stage, 'GET /file_sla_errors', request);
    return files.find(({ creationDate }) => creationDate === file.creationDate);
  }, 'the file in the search');
  const { filename, affectedDate, errorId } = found;
  const what = `${filename}, affected ${affectedDate}, ErrorID ${errorId.slice(0, 8)}…`;
  journey.stop('http', `GET /file_sla_errors: ${what}`, new Date());
}

interface Recording {
  readonly stage: Stage;
  readonly journey: Journey;
  readonly submissionId: string;
  readonly since: Date;
}

async function tellOfRecording(recording: Recording): Promise<void> {
  const { stage, journey, submissionId, since } = recording;
  const { stack, clients, observer } = stage;
  const eventOf = ({ detailType }: { readonly detailType: string }) =>
    observer.waitFor(
      (event) =>
        event['detail-type'] === detailType && event.detail['submissionId'] === submissionId,
      detailType,
    );
  journey.stop('event', 'SlaErrorSubmitted', timeOf(await eventOf(SlaErrorSubmitted)));
  const recorded = await eventOf(SlaErrorsRecorded);
  const count = `recorded ${String(recorded.detail['recorded'])}`;
  journey.stop('item', `${stack.fileSlaErrorsTable}: ${count}`, timeOf(recorded));
  const line = await eventually(async () => {
    const lines = await readFunctionLog(clients, stack.recordSlaErrors.functionName, since);
    return lines.find((it) => it['correlationId'] === submissionId && it['outcome'] !== undefined);
  }, 'log line of record-sla-errors');
  const message = `message ${String(line['messageId'])} acknowledged: ${String(line['outcome'])}`;
  journey.stop('queue', message, new Date(line.timestamp));
}

interface Question<Answer extends z.ZodType> extends ApiRequest {
  readonly answer: Answer;
}

async function ask<Answer extends z.ZodType>(
  { stack }: Stage,
  route: string,
  { answer, ...request }: Question<Answer>,
): Promise<z.output<Answer>> {
  const { status, body } = await callApi(stack.apiUrl, route, request);
  if (status !== 200) throw new Error(`${route} answered ${status}: ${JSON.stringify(body)}`);
  return asExpected(answer, body, {
    what: `The answer of ${route}`,
    expected: 'the documented fields',
  });
}

/** To the millisecond; EventBridge's own time has whole seconds. */
function timeOf({ detail }: ObservedEvent): Date {
  const expected = 'the time at which it occurred';
  return asExpected(WithTime, detail, { what: 'The event', expected }).metadata.occurredAt;
}

function hoursBefore(instant: Date, hours: number): Date {
  return new Date(instant.getTime() - hours * HOUR_MS);
}
