import { ScanCommand, type BatchStatementRequest } from '@aws-sdk/client-dynamodb';
import { ConfigurationError, DependencyUnavailableError, type TokenlineError } from '../errors.ts';
import type { Affected } from '../sla/affected.ts';
import type { LookRequest, PredecessorTable } from '../sla/predecessor.ts';
import { callError, type StatementEnd } from './dynamodb-errors.ts';
import { executeStatements, type ExecutionMeans } from './execute-statements.ts';
import { itemKey, itemToBreach, itemToOld, type Item } from './sla-item.ts';
import type { SlaTable } from './sla-search.ts';
import { checkSlaTable } from './sla-table-keys.ts';

/** Few enough to be written within one look also where the table takes only some dozens a second. */
const ITEMS_A_LOOK = 500;
/** For keeping how far the work has come. */
const RESERVE_MS = 5_000;

/** {@link PredecessorTable} on a table whose partition key is `ErrorID`. */
export function dynamoDbPredecessor(
  table: SlaTable,
  means: ExecutionMeans,
  itemsALook = ITEMS_A_LOOK,
): PredecessorTable {
  const { tableName } = table;
  return {
    check: () => checkSlaTable(means.client, table),
    async fillNext({ after, affectedOf, deadline }) {
      const scan = new ScanCommand({
        TableName: tableName,
        Limit: itemsALook,
        ConsistentRead: true,
        ...(after !== undefined && { ExclusiveStartKey: { ErrorID: { S: after } } }),
      });
      const { Items = [], LastEvaluatedKey } = await means.client.send(scan).catch(failed);
      const { statements, unreadable } = toFill(Items, { affectedOf, tableName });
      const allowance = { deadline, reserveMs: RESERVE_MS };
      const ends = await executeStatements(statements, allowance, means);
      const failure = [...ends.values()].find(isToBeRepeated);
      if (failure !== undefined) throw failure;
      const unfilled = [...ends].filter(([, end]) => end !== 'applied').map(([key]) => key);
      return {
        looked: Items.length,
        filled: ends.size - unfilled.length,
        left: [...unreadable, ...unfilled],
        next: LastEvaluatedKey && itemKey(LastEvaluatedKey),
      };
    },
  };
}

/** The others stay as they are: DynamoDB will never take them, or somebody changed them meanwhile. */
function isToBeRepeated(end: StatementEnd): end is TokenlineError {
  return end instanceof DependencyUnavailableError || end instanceof ConfigurationError;
}

interface Filling extends Pick<LookRequest, 'affectedOf'> {
  readonly tableName: string;
}

function toFill(items: readonly Item[], filling: Filling) {
  const statements = new Map<string, BatchStatementRequest>();
  const unreadable: string[] = [];
  for (const item of items) {
    const statement = fillStatement(item, filling);
    if (statement === 'unreadable') unreadable.push(itemKey(item));
    else if (statement !== 'complete') statements.set(itemKey(item), statement);
  }
  return { statements, unreadable };
}

function fillStatement(item: Item, { affectedOf, tableName }: Filling) {
  if (item['AffectedDay'] !== undefined) return itemToBreach(item) ? 'complete' : 'unreadable';
  const affected = affectedOf(itemToOld(item));
  // An item that search would leave out all the same is not worth a write.
  if (
    affected === undefined ||
    itemToBreach({ ...item, ...toAttributes(affected) }) === undefined
  ) {
    return 'unreadable';
  }
  return toStatement(item, affected, tableName);
}

function toAttributes({ affectedDay, affectedDate }: Affected): Item {
  return { AffectedDay: { S: affectedDay }, AffectedDate: { S: affectedDate } };
}

/** Only as long as the item is as it was read. An UPDATE makes no item that is not there. */
function toStatement(item: Item, affected: Affected, tableName: string): BatchStatementRequest {
  const { AffectedDate: stored, ErrorID } = item;
  const isOurForm = stored?.S === affected.affectedDate;
  const values = {
    ...toAttributes(affected),
    ...(stored !== undefined && !isOurForm && { OriginalAffectedDate: stored }),
  };
  const sets = Object.keys(values).map((name) => `SET ${name} = ?`);
  const unchanged = stored === undefined ? 'AffectedDate IS MISSING' : 'AffectedDate = ?';
  return {
    Statement: `UPDATE "${tableName}" ${sets.join(' ')} WHERE ErrorID = ? AND AffectedDay IS MISSING AND ${unchanged}`,
    Parameters: [
      ...Object.values(values),
      ...(ErrorID === undefined ? [] : [ErrorID]),
      ...(stored === undefined ? [] : [stored]),
    ],
  };
}

function failed(thrown: unknown): never {
  throw callError(thrown);
}
