import type { BatchStatementRequest } from '@aws-sdk/client-dynamodb';
import DataLoader from 'dataloader';
import type { OpenSlaBreaches, Recorded, SlaBreach } from '../sla/breaches.ts';
import type { StatementEnd } from './dynamodb-errors.ts';
import { executeStatements, type Allowance, type ExecutionMeans } from './execute-statements.ts';
import { breachToItem } from './sla-item.ts';

/** Records of a batch become work within a few milliseconds of each other. */
const GATHER_MS = 2;
/** For what follows the writes: the outcome goes out, the message is hidden or rejected. */
const RESERVE_MS = 5_000;

/** One file, however many of its reports came at once. */
interface FileReports {
  /** The one that is recorded if the file is new. */
  readonly first: SlaBreach;
  readonly lastReportedAt: string;
}

/**
 * {@link OpenSlaBreaches} on the table `tableName`, whose partition key is `ErrorID`.
 *
 * What an invocation records within 2 ms is written together: new files by INSERT, then the latest
 * reports of known ones by UPDATE, 25 a call each.
 */
export function dynamoDbSlaBreaches(tableName: string, means: ExecutionMeans): OpenSlaBreaches {
  return (deadline) => {
    const allowance = { deadline, reserveMs: RESERVE_MS };
    const writeAll = async (breaches: readonly SlaBreach[]) => {
      const ends = await writeFiles(byFile(breaches), allowance, { ...means, tableName });
      return outcomesOf(breaches, ends);
    };
    const loader = new DataLoader<SlaBreach, Recorded>(writeAll, {
      // Two reports of a file are not the same report: the later one moves LastReportedAt.
      cache: false,
      batchScheduleFn: (write) => setTimeout(write, GATHER_MS),
    });
    return { record: (breach) => loader.load(breach) };
  };
}

/** DynamoDB refuses a call that names a key twice. */
function byFile(breaches: readonly SlaBreach[]): ReadonlyMap<string, FileReports> {
  const files = new Map<string, FileReports>();
  for (const breach of breaches) {
    const { first, lastReportedAt } = files.get(breach.errorId) ?? {
      first: breach,
      lastReportedAt: breach.reportedAt,
    };
    const later = breach.reportedAt > lastReportedAt ? breach.reportedAt : lastReportedAt;
    files.set(breach.errorId, { first, lastReportedAt: later });
  }
  return files;
}

type Ends = ReadonlyMap<string, StatementEnd>;

interface WriteMeans extends ExecutionMeans {
  readonly tableName: string;
}

/** @returns `duplicate-item` for a file that was known and whose latest report is kept. */
async function writeFiles(
  files: ReadonlyMap<string, FileReports>,
  allowance: Allowance,
  means: WriteMeans,
): Promise<Ends> {
  const execute = (
    toStatement: ToStatement,
    entries: readonly (readonly [string, FileReports])[],
  ) =>
    executeStatements(
      new Map(entries.map(([errorId, file]) => [errorId, toStatement(file, means.tableName)])),
      allowance,
      means,
    );
  const inserted = await execute(insertStatement, [...files]);
  const known = [...files].filter(([errorId]) => inserted.get(errorId) === 'duplicate-item');
  const updated = await execute(updateStatement, known);
  return new Map([...inserted, ...[...updated].map(updateToEnd)]);
}

/** A condition that failed is no failure: a later report is kept already. */
function updateToEnd([errorId, end]: readonly [string, StatementEnd]) {
  return [errorId, end instanceof Error ? end : 'duplicate-item'] as const;
}

/** Of the reports of a new file, one counts as recorded and the others as duplicates. */
function outcomesOf(breaches: readonly SlaBreach[], ends: Ends): readonly (Recorded | Error)[] {
  const told = new Set<string>();
  return breaches.map(({ errorId }) => {
    const end = ends.get(errorId);
    if (end instanceof Error) return end;
    const isFirst = !told.has(errorId);
    told.add(errorId);
    return end === 'applied' && isFirst ? 'recorded' : 'duplicate';
  });
}

type ToStatement = (file: FileReports, tableName: string) => BatchStatementRequest;

function insertStatement(file: FileReports, tableName: string): BatchStatementRequest {
  const attributes = Object.entries(breachToItem(file.first, file.lastReportedAt));
  const fields = attributes.map(([name]) => `'${name}': ?`).join(', ');
  return {
    Statement: `INSERT INTO "${tableName}" VALUE {${fields}}`,
    Parameters: attributes.map(([, value]) => value),
  };
}

function updateStatement(file: FileReports, tableName: string): BatchStatementRequest {
  const { first, lastReportedAt } = file;
  return {
    Statement: `UPDATE "${tableName}" SET LastReportedAt = ? WHERE ErrorID = ? AND LastReportedAt < ?`,
    Parameters: [{ S: lastReportedAt }, { S: first.errorId }, { S: lastReportedAt }],
  };
}
