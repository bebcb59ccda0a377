import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { settings as authenticateUser } from '#functions/authenticate-user/settings.ts';
import { settings as findSlaErrors } from '#functions/find-sla-errors/settings.ts';
import { settings as recordSlaErrors } from '#functions/record-sla-errors/settings.ts';
import { settings as submitSlaErrors } from '#functions/submit-sla-errors/settings.ts';
import { toBus, variables } from '../access.ts';
import { ofKind } from '../constructs/event-pattern.ts';
import { HttpFunction } from '../constructs/http-function.ts';
import { QueueWorker } from '../constructs/queue-worker.ts';
import { Backfill } from './backfill.ts';
import type { FlowProps } from './flow.ts';
import { Senders } from './senders.ts';
import { SlaStore } from './sla-store.ts';

/** Senders sign in and submit; files are recorded once and found again: Cognito, DynamoDB. */
export class SlaErrorsFlow extends Construct {
  readonly senders: Senders;
  readonly store: SlaStore;
  readonly record: QueueWorker;
  readonly http: readonly HttpFunction[];

  constructor(scope: Construct, id: string, props: FlowProps) {
    super(scope, id);
    const { config, code, bus } = props;
    this.senders = new Senders(this, 'senders', { config });
    this.store = new SlaStore(this, 'store', { config });
    const after = this.#checkedTable(props);
    const senderZone = variables(config, ['SLA_TIME_ZONE']);

    this.record = new QueueWorker(this, recordSlaErrors.name, {
      config,
      code,
      settings: recordSlaErrors,
      // Batches of 100 are large; DynamoDB takes a writer's whole pace, ten of them are plenty.
      maximumConcurrency: 10,
      access: [toBus(config), this.store.toRecord(), senderZone],
      after,
    });
    bus.route(ofKind(SlaErrorSubmitted), this.record.queue);

    const { senders, store } = this;
    this.http = [
      new HttpFunction(this, authenticateUser.name, {
        config,
        code,
        settings: authenticateUser,
        access: [senders.toSignIn()],
      }),
      new HttpFunction(this, submitSlaErrors.name, {
        config,
        code,
        settings: submitSlaErrors,
        access: [senders.toVerify(), toBus(config), senderZone],
      }),
      new HttpFunction(this, findSlaErrors.name, {
        config,
        code,
        settings: findSlaErrors,
        access: [senders.toVerify(), store.toSearch()],
        after,
      }),
    ];
  }

  /** A table that is there already is looked at before anything works on it, and filled up. */
  #checkedTable({ config, code }: FlowProps): ITerraformDependable[] {
    if (!config.DYNAMODB_TABLE) return [];
    return [new Backfill(this, 'backfill', { config, code, store: this.store }).checked];
  }
}
