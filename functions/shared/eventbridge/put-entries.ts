import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { pack } from '../pack.ts';
import { toldName } from '../told-error.ts';
import type { Entry } from './entry.ts';

/** PutEvents takes 10 entries and 256 KB a call (EventBridge quotas, read 2026-11). */
const CALL = { maxItems: 10, maxBytes: 200_000 };

/** The longest that one call takes. */
export const CALL_TIMEOUT_MS = 3_000;

export interface Refused {
  readonly entries: readonly Entry[];
  /** A word or EventBridge's error code. */
  readonly reason: string;
  readonly cause?: unknown;
}

/**
 * One call of PutEvents, with at most 10 entries. Where EventBridge refuses the call for what one of
 * them holds, each is put by itself, within the time of the one call. Does not throw.
 *
 * @returns what was not taken; `undefined` when all was.
 */
export async function putEntries(
  client: EventBridgeClient,
  entries: readonly Entry[],
): Promise<Refused | undefined> {
  const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const put = (some: readonly Entry[]) => putOnce(client, some, abortSignal);
  const refused = await put(entries);
  if (refused?.reason !== 'ValidationException' || entries.length === 1) return refused;
  return together(await Promise.all(entries.map((entry) => put([entry]))));
}

/** What several calls did not take, with the last one's reason. */
export function together(refusals: readonly (Refused | undefined)[]): Refused | undefined {
  const all = refusals.filter((refused) => refused !== undefined);
  const last = all.at(-1);
  return last && { ...last, entries: all.flatMap(({ entries }) => entries) };
}

async function putOnce(
  client: EventBridgeClient,
  entries: readonly Entry[],
  abortSignal: AbortSignal,
): Promise<Refused | undefined> {
  try {
    const command = new PutEventsCommand({ Entries: [...entries] });
    const answer = await client.send(command, { abortSignal });
    // PutEvents answers 200 also when it took nothing; only an event id says that it took one.
    const results = answer.Entries ?? [];
    const refused = entries.filter((_, index) => results[index]?.EventId === undefined);
    if (refused.length === 0) return undefined;
    const code = results.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode;
    return { entries: refused, reason: code ?? 'no answer for the entry' };
  } catch (cause) {
    return { entries, reason: toldName(cause), cause };
  }
}

/** Cuts entries into parcels, each for one call. */
export function packEntries(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  return pack(entries, bytesOf, CALL);
}

/** As EventBridge counts an entry's size (user guide, read 2026-11). */
function bytesOf({ Source, DetailType, Detail }: Entry): number {
  return Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}
