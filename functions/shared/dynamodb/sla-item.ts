import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { SlaBreach } from '../sla/breaches.ts';
import type { OldBreach } from '../sla/old-breach.ts';
import type { StoredBreach } from '../sla/search.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** The item of a breach that is recorded by its first report. */
export function breachToItem(breach: SlaBreach, lastReportedAt: string): Item {
  const { submissionId, submittedBy } = breach;
  return {
    ErrorID: { S: breach.errorId },
    AffectedDate: { S: breach.affectedDate },
    AffectedDay: { S: breach.affectedDay },
    Folder: { S: breach.folder },
    SLA: { N: String(breach.sla) },
    Filename: { S: breach.filename },
    CreationDate: { S: breach.creationDate },
    FirstReportedAt: { S: breach.reportedAt },
    LastReportedAt: { S: lastReportedAt },
    ...(submissionId !== undefined && { SubmissionId: { S: submissionId } }),
    ...(submittedBy !== undefined && { SubmittedBy: { S: submittedBy } }),
  };
}

/** Other systems stored numbers as text, and texts as numbers. */
const Scalar = z
  .union([z.object({ S: z.string() }), z.object({ N: z.string() })])
  .transform((value) => ('S' in value ? value.S : value.N));
const Key = z.object({ S: z.string() }).transform(({ S }) => S);
const Minutes = Scalar.pipe(z.string().regex(/^\d{1,7}(\.\d+)?$/)).transform(Number);

/**
 * What search reads of an item, whoever stored it:
 *
 * - ErrorID, Folder, AffectedDay, AffectedDate: keys of the table and its indexes, so text, and none
 *   is empty. Without one of them, or in another type, an index does not have the item.
 * - SLA: minutes, a number or its digits; `60.5` is one, an empty text is none.
 * - Filename, CreationDate: text or a number, as they are; also an empty text.
 * - FirstReportedAt, LastReportedAt, SubmissionId, SubmittedBy: what old systems do not have. NULL,
 *   or a type of theirs, is as if there were none, and costs no item.
 *
 * What `AffectedDate` and `CreationDate` mean in an item that is not ours says `affectedOfOld`.
 */
const StoredItem = z.object({
  ErrorID: Key,
  AffectedDate: Key,
  AffectedDay: Key,
  Folder: Key,
  SLA: Minutes,
  Filename: Scalar,
  CreationDate: Scalar,
  FirstReportedAt: Key.optional().catch(undefined),
  LastReportedAt: Key.optional().catch(undefined),
  SubmissionId: Scalar.optional().catch(undefined),
  SubmittedBy: Scalar.optional().catch(undefined),
});

/** @returns `undefined` for an item that lacks what ours have: another system may have stored it. */
export function itemToBreach(item: Item): StoredBreach | undefined {
  const stored = StoredItem.safeParse(item).data;
  return (
    stored && {
      errorId: stored.ErrorID,
      folder: stored.Folder,
      filename: stored.Filename,
      sla: stored.SLA,
      creationDate: stored.CreationDate,
      affectedDate: stored.AffectedDate,
      affectedDay: stored.AffectedDay,
      firstReportedAt: stored.FirstReportedAt,
      lastReportedAt: stored.LastReportedAt,
      submissionId: stored.SubmissionId,
      submittedBy: stored.SubmittedBy,
    }
  );
}

const OldItem = z.object({
  AffectedDate: Scalar.optional().catch(undefined),
  CreationDate: Scalar.optional().catch(undefined),
  SLA: Scalar.optional().catch(undefined),
});

/** What another system's item says of its time. */
export function itemToOld(item: Item): OldBreach {
  const { AffectedDate, CreationDate, SLA } = OldItem.parse(item);
  return { affectedDate: AffectedDate, creationDate: CreationDate, sla: SLA };
}

const KeyOfTable = z.object({ ErrorID: Key });
const KeyOfIndex = z.object({ ErrorID: Key, AffectedDate: Key });

/** The key of an item of the table. */
export function itemKey(item: Item): string {
  return KeyOfTable.parse(item).ErrorID;
}

/** The keys of an item of an index, which has none without them; also those where a query stopped. */
export function itemToSeen(item: Item): { errorId: string; affectedDate: string } {
  const { ErrorID: errorId, AffectedDate: affectedDate } = KeyOfIndex.parse(item);
  return { errorId, affectedDate };
}
