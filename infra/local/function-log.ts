import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import type { LocalClients } from './clients.ts';

/** A line that a function wrote; Powertools adds more fields than are named here. */
const LogLine = z.looseObject({ level: z.string(), message: z.string(), timestamp: z.string() });
export type LogLine = z.infer<typeof LogLine>;

/** What a function has logged since `since`, oldest first; lines that are no JSON are left out. */
export async function readFunctionLog(
  { logs }: LocalClients,
  functionName: string,
  since: Date,
): Promise<readonly LogLine[]> {
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({
      logGroupName: `/aws/lambda/${functionName}`,
      startTime: since.getTime(),
    }),
  );
  return events.flatMap(({ message = '' }) => message.split('\n').flatMap(toLogLine));
}

function toLogLine(text: string): LogLine[] {
  try {
    const line = LogLine.safeParse(JSON.parse(text));
    return line.success ? [line.data] : [];
  } catch {
    return [];
  }
}
