import type { LocalClients } from '#infra/local/clients.ts';
import { readLogTexts } from '#infra/local/function-log.ts';

/** The lines in CloudWatch's Embedded Metric Format that a function has written, oldest first. */
export async function readFunctionMetrics(
  clients: LocalClients,
  functionName: string,
  since: Date,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await readLogTexts(clients, functionName, since))
    .filter((line) => line.includes('"CloudWatchMetrics"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
