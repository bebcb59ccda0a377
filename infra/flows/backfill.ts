import type { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { Construct } from 'constructs';
import { settings as backfillSlaErrors } from '#functions/backfill-sla-errors/settings.ts';
import { variables, type Access } from '../access.ts';
import { resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { invokedByDeploy } from '../constructs/deploy-step.ts';
import { DurableTable } from '../constructs/durable-table.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import type { FlowProps } from './flow.ts';
import type { SlaStore } from './sla-store.ts';

interface BackfillProps extends Pick<FlowProps, 'config' | 'code'> {
  readonly store: SlaStore;
}

/** Gives the items of a table that is there already what search needs, a minute at a time. */
export class Backfill extends Construct {
  /** The table has the keys and indexes that are worked with; else the deploy ends with what it lacks. */
  readonly checked: LambdaInvocation;

  constructor(scope: Construct, id: string, { config, code, store }: BackfillProps) {
    super(scope, id);
    const progress = this.#progress(config);
    const { function: backfill } = new ScheduledFunction(this, backfillSlaErrors.name, {
      config,
      code,
      settings: backfillSlaErrors,
      access: [store.toBackfill(), toProgress(progress), variables(config, ['SLA_TIME_ZONE'])],
    });
    this.checked = invokedByDeploy(this, backfill, { check: true });
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
