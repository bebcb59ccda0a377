import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LocalClients } from '#infra/local/clients.ts';

/** The lines in CloudWatch's Embedded Metric Format that a function has written, oldest first. */
export async function readFunctionMetrics(
  { logs }: LocalClients,
  functionName: string,
  since: Date,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({
      logGroupName: `/aws/lambda/${functionName}`,
      startTime: since.getTime(),
    }),
  );
  return events
    .flatMap(({ message = '' }) => message.split('\n'))
    .filter((line) => line.includes('"CloudWatchMetrics"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
