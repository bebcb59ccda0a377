import { Construct } from 'constructs';
import type { Access } from '../access.ts';
import { arn, resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { DurableTable } from '../constructs/durable-table.ts';

interface SlaStoreProps {
  readonly config: StageConfig;
}

/** The table of files that stay too long: one that is made, or one that is there already. */
export class SlaStore extends Construct {
  readonly tableName: string;
  readonly #tableArn: string;
  readonly #config: StageConfig;

  constructor(scope: Construct, id: string, { config }: SlaStoreProps) {
    super(scope, id);
    this.#config = config;
    if (config.DYNAMODB_TABLE) {
      this.tableName = config.DYNAMODB_TABLE;
      this.#tableArn = arn(config, 'dynamodb', `table/${config.DYNAMODB_TABLE}`);
      return;
    }
    const made = this.#make(config);
    this.tableName = made.table.name;
    this.#tableArn = made.arn;
  }

  /** To write statements of PartiQL that insert and update, not to read or delete. */
  toRecord(): Access {
    return {
      environment: { FILE_SLA_ERRORS_TABLE: this.tableName },
      statements: [
        {
          Sid: 'Record',
          Action: ['dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
          Resource: [this.#tableArn],
        },
      ],
    };
  }

  /** To query the two indexes. */
  toSearch(): Access {
    const { AFFECTED_DATE_INDEX, FOLDER_INDEX, SLA_OPEN_MINUTES } = this.#config;
    return {
      environment: { ...this.#names(), SLA_OPEN_MINUTES },
      statements: [
        {
          Sid: 'Search',
          Action: ['dynamodb:Query'],
          Resource: [AFFECTED_DATE_INDEX, FOLDER_INDEX].map(
            (index) => `${this.#tableArn}/index/${index}`,
          ),
        },
      ],
    };
  }

  /** To read all of it and to add to its items, not to make or delete any. */
  toBackfill(): Access {
    return {
      environment: this.#names(),
      statements: [
        {
          Sid: 'Backfill',
          Action: ['dynamodb:DescribeTable', 'dynamodb:Scan', 'dynamodb:PartiQLUpdate'],
          Resource: [this.#tableArn],
        },
      ],
    };
  }

  #names(): Readonly<Record<string, string>> {
    const { AFFECTED_DATE_INDEX, FOLDER_INDEX } = this.#config;
    return { FILE_SLA_ERRORS_TABLE: this.tableName, AFFECTED_DATE_INDEX, FOLDER_INDEX };
  }

  #make(config: StageConfig): DurableTable {
    const index = (name: string, hashKey: string) => ({
      name,
      hashKey,
      rangeKey: 'AffectedDate',
      projectionType: 'ALL',
    });
    return new DurableTable(this, 'table', {
      config,
      tableName: resourceName(config, 'FileSlaErrors'),
      keys: {
        hashKey: 'ErrorID',
        attribute: ['ErrorID', 'AffectedDay', 'AffectedDate', 'Folder'].map((name) => ({
          name,
          type: 'S',
        })),
        globalSecondaryIndex: [
          index(config.AFFECTED_DATE_INDEX, 'AffectedDay'),
          index(config.FOLDER_INDEX, 'Folder'),
        ],
      },
    });
  }
}
