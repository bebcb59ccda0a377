import { MissingToolError } from './missing-tool-error.ts';

/** As Node, and as the commands that we run, say that a disk has no room. */
const DISK_FULL = /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i;

/** An error for the person at the terminal: a line where we know the cause, else all that there is. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof MissingToolError) return error.message;
  const full = error.message.split('\n').find((line) => DISK_FULL.test(line));
  if (full === undefined) return error.stack ?? error.message;
  return `A disk is full (${full.trim()}). Make room and run the same again: nothing half-done was kept.`;
}
