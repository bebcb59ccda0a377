import type { Dependencies } from '#functions/submit-sla-errors/dependencies.ts';
import { submitSlaErrors } from '#functions/submit-sla-errors/submit-sla-errors.ts';
import { eventBridgeBatches } from '#shared/eventbridge/batch-publisher.ts';
import { AuthenticationError } from '#shared/http/errors.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { fixedClock } from './fixed-clock.ts';
import { lambdaContext, proxyEvent } from './http-requests.ts';
import { recordingLog } from './recording-log.ts';
import { recordingMetrics } from './recording-metrics.ts';
import { scriptedEventBus } from './scripted-event-bus.ts';

export type SubmitStage = ReturnType<typeof submitStage>;

export const TOKEN = { Authorization: 'Bearer good-token' };

/** The function submit-sla-errors before a scripted bus, with one token that is good. */
export function submitStage() {
  const submissionId = '00000000-0000-4000-8000-000000000001';
  const bus = scriptedEventBus();
  const log = recordingLog();
  const tokens = {
    verify: (authorization: string | undefined) =>
      authorization === TOKEN.Authorization
        ? Promise.resolve({ subject: 'sender-1' })
        : Promise.reject(new AuthenticationError('ERR_JWS_INVALID')),
  };
  const pause = () => Promise.resolve();
  const dependencies: Dependencies = {
    tokens,
    bus: eventBridgeBatches('bus-1', { client: bus.client, pause, random: () => 0.5 }),
    zone: 'America/Bogota',
    clock: fixedClock('2024-06-16T01:30:00.000Z').now,
    newId: () => submissionId,
  };
  const handler = httpHandler(
    {
      route: 'POST /file_sla_error',
      answer: (request, context) => submitSlaErrors({ request, context, dependencies }),
    },
    { log, metrics: recordingMetrics() },
  );
  const post = async (event: ReturnType<typeof proxyEvent>) => {
    const { statusCode, body } = await handler(event, lambdaContext());
    return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
  };
  return {
    submissionId,
    bus,
    log,
    handler,
    post,
    /** @param body text is sent as it is. */
    submit: (body: unknown) =>
      post(
        proxyEvent({
          headers: TOKEN,
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
  };
}
