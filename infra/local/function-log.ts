import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import type { LocalClients } from './clients.ts';

/** A line that a function wrote; Powertools adds more fields than are named here. */
const LogLine = z.looseObject({ level: z.string(), message: z.string(), timestamp: z.string() });
export type LogLine = z.infer<typeof LogLine>;

/** What a function has logged since `since`, oldest first; lines that are no JSON are left out. */
export async function readFunctionLog(
  clients: LocalClients,
  functionName: string,
  since: Date,
): Promise<readonly LogLine[]> {
  return (await readLogTexts(clients, functionName, since)).flatMap(({ text }) => toLogLine(text));
}

/** A line of whatever kind, and the log stream that it stands in: one of each sandbox. */
export interface LogText {
  readonly stream: string;
  readonly text: string;
}

/** All lines as they are, oldest first, in as many pages as there are. */
export async function readLogTexts(
  { logs: client }: LocalClients,
  functionName: string,
  since: Date,
): Promise<readonly LogText[]> {
  const logGroupName = `/aws/lambda/${functionName}`;
  const texts: LogText[] = [];
  const pages = paginateFilterLogEvents({ client }, { logGroupName, startTime: since.getTime() });
  for await (const { events = [] } of pages) {
    for (const { message = '', logStreamName: stream = '' } of events) {
      texts.push(...message.split('\n').map((text) => ({ stream, text })));
    }
  }
  return texts;
}

/** @returns nothing for a line that is no JSON, or none of a log. */
export function toLogLine(text: string): LogLine[] {
  try {
    const line = LogLine.safeParse(JSON.parse(text));
    return line.success ? [line.data] : [];
  } catch {
    return [];
  }
}
