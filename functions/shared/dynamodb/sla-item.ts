import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { SlaBreach } from '../sla/breaches.ts';
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

const Text = z.object({ S: z.string() }).transform(({ S }) => S);
const WholeNumber = z.object({ N: z.string() }).transform(({ N }) => Number(N));

const StoredItem = z.object({
  ErrorID: Text,
  AffectedDate: Text,
  AffectedDay: Text,
  Folder: Text,
  SLA: WholeNumber,
  Filename: Text,
  CreationDate: Text,
  FirstReportedAt: Text.optional(),
  LastReportedAt: Text.optional(),
  SubmissionId: Text.optional(),
  SubmittedBy: Text.optional(),
});

/** @throws ZodError the item is none of ours, nor one that was made like ours. */
export function itemToBreach(item: Item): StoredBreach {
  const stored = StoredItem.parse(item);
  return {
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
  };
}

const SeenKey = z.object({ ErrorID: Text, AffectedDate: Text });

/** Reads the key at which a query stopped. */
export function keyToSeen(key: Item): { errorId: string; affectedDate: string } {
  const { ErrorID: errorId, AffectedDate: affectedDate } = SeenKey.parse(key);
  return { errorId, affectedDate };
}
