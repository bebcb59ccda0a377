import {
  DynamodbTable,
  type DynamodbTableConfig,
} from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { Construct } from 'constructs';
import { arn } from '../arns.ts';
import type { StageConfig } from '../config.ts';

interface DurableTableProps {
  readonly config: StageConfig;
  /** As it is called in AWS. */
  readonly tableName: string;
  readonly keys: Pick<
    DynamodbTableConfig,
    'hashKey' | 'rangeKey' | 'attribute' | 'globalSecondaryIndex' | 'ttl'
  >;
}

/**
 * A table that must not be lost: encrypted, paid by use; outside the local stage it can be set back
 * to any second of the last 35 days, and nobody deletes it by mistake.
 */
export class DurableTable extends Construct {
  readonly table: DynamodbTable;
  readonly arn: string;

  constructor(scope: Construct, id: string, { config, tableName, keys }: DurableTableProps) {
    super(scope, id);
    const isKept = config.STAGE !== 'local';
    this.arn = arn(config, 'dynamodb', `table/${tableName}`);
    this.table = new DynamodbTable(this, 'table', {
      name: tableName,
      ...keys,
      billingMode: 'PAY_PER_REQUEST',
      serverSideEncryption: { enabled: true },
      pointInTimeRecovery: { enabled: isKept },
      deletionProtectionEnabled: isKept,
    });
  }
}
