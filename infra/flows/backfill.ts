import { Construct } from 'constructs';
import { settings as backfillSlaErrors } from '#functions/backfill-sla-errors/settings.ts';
import { variables, type Access } from '../access.ts';
import { resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { DurableTable } from '../constructs/durable-table.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import type { FlowProps } from './flow.ts';
import type { SlaStore } from './sla-store.ts';

interface BackfillProps extends Pick<FlowProps, 'config' | 'code'> {
  readonly store: SlaStore;
}

/** Gives the items of a table that is there already what search needs, a minute at a time. */
export class Backfill extends Construct {
  constructor(scope: Construct, id: string, { config, code, store }: BackfillProps) {
    super(scope, id);
    const progress = this.#progress(config);
    new ScheduledFunction(this, backfillSlaErrors.name, {
      config,
      code,
      settings: backfillSlaErrors,
      access: [store.toBackfill(), toProgress(progress), variables(config, ['SLA_TIME_ZONE'])],
    });
  }

  /** In a table of its own: the other system's has its own readers. */
  #progress(config: StageConfig): DurableTable {
    return new DurableTable(this, 'progress', {
      config,
      tableName: resourceName(config, backfillSlaErrors.name),
      keys: { hashKey: 'work', attribute: [{ name: 'work', type: 'S' }] },
    });
  }
}

function toProgress(table: DurableTable): Access {
  return {
    environment: { PROGRESS_TABLE: table.table.name },
    statements: [
      {
        Sid: 'Progress',
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        Resource: [table.arn],
      },
    ],
  };
}
