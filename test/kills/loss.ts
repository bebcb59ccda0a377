import { COMMIT_MS, COMMITS_BEFORE_ESCROW, PAUSE_MS } from '#shared/grants/timing.ts';

/**
 * Why a grant died with its process: before the provider had sent its answer (a), or between that and
 * the first durable write (b). Any other loss is a fault of ours (c).
 */
export type Loss = 'unreached' | 'unsaved' | 'unexplained';

/** What the provider says of one request; times as ISO-8601 UTC strings. */
export interface Rotation {
  readonly receivedAt: string;
  readonly end: string | null;
  readonly endedAt: string | null;
}

/** A put into a DynamoDB that is well takes a few ms; the rest is for a machine that is busy. */
const PUT_MS = 500;
/**
 * So long after its answer a grant is durable, whoever holds locks: the store's three tries are over,
 * and the escrow, which nobody takes away here, has it.
 */
export const SAVED_WITHIN_MS =
  COMMITS_BEFORE_ESCROW * COMMIT_MS + (COMMITS_BEFORE_ESCROW - 1) * PAUSE_MS + PUT_MS;

/**
 * @param rotation the last that brought a grant.
 * @param killedAt when processes were killed, in that order.
 * @param lifeMs how long the process that sent it could live.
 */
export function kindOfLoss(
  rotation: Rotation | undefined,
  killedAt: readonly string[],
  lifeMs: number,
): Loss {
  if (rotation === undefined) return 'unexplained';
  const sentMs = Date.parse(rotation.receivedAt);
  const killedMs = killedAt.map((at) => Date.parse(at)).find((at) => at > sentMs);
  if (killedMs === undefined || killedMs > sentMs + lifeMs) return 'unexplained';
  const { end, endedAt } = rotation;
  const answeredMs = end === 'answered' && endedAt !== null ? Date.parse(endedAt) : Infinity;
  if (killedMs <= answeredMs) return 'unreached';
  return killedMs - answeredMs <= SAVED_WITHIN_MS ? 'unsaved' : 'unexplained';
}
