import { createHash } from 'node:crypto';
import { MAX_ID_LENGTH } from '#events/metadata.ts';

/**
 * The id of an event that follows from another: the same for each repetition, and never longer than
 * an id may be, however long the other's is.
 */
export function eventIdAfter(causationId: string, outcome: string): string {
  const id = `${causationId}:${outcome}`;
  if (id.length <= MAX_ID_LENGTH) return id;
  return `${createHash('sha256').update(causationId).digest('hex')}:${outcome}`;
}
