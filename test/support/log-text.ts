import type { RecordingLog } from './recording-log.ts';

/** All that the log says, what a JSON of it would hide included: search it for what must not be there. */
export function logText({ lines }: RecordingLog): string {
  return lines.map(({ message, fields }) => `${message} ${textOf(fields)}`).join('\n');
}

function textOf(value: unknown): string {
  if (value instanceof Error) {
    return `${String(value.stack)} ${JSON.stringify(value)} ${textOf(value.cause)}`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}=${textOf(inner)}`)
    .join(' ');
}
