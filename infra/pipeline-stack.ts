import { TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { EVENTS } from '#events/index.ts';
import { TokenExpiryWarning, WARNED_PROVIDERS } from '#events/token-expiry-warning.ts';
import { resourceName } from './arns.ts';
import { deployTo } from './backend.ts';
import type { StageConfig } from './config.ts';
import { DurableTable } from './constructs/durable-table.ts';
import { EventBus } from './constructs/event-bus.ts';
import { either, ofNoKind, ofNoProvider } from './constructs/event-pattern.ts';
import { RestApi } from './constructs/rest-api.ts';
import { WatchedQueue } from './constructs/watched-queue.ts';
import { Cafe24Flow } from './flows/cafe24.ts';
import { ClaroshopFlow } from './flows/claroshop.ts';
import type { FlowProps } from './flows/flow.ts';
import { SlaErrorsFlow } from './flows/sla-errors.ts';
import { environmentProblems } from './function-environments.ts';
import type { StackOutputs } from './outputs.ts';

/** Publisher → bus → rule → queue → function → store. Names are `<prefix>-<function>`. */
export class PipelineStack extends TerraformStack {
  constructor(scope: Construct, { config, code }: Omit<FlowProps, 'bus'>) {
    super(scope, `${config.NAME_PREFIX}-${config.STAGE}`);
    deployTo(config, this);
    this.#startInThought(config);

    const bus = new EventBus(this, 'bus', { config });
    const escrow = this.#escrow(config);
    const cafe24 = new Cafe24Flow(this, 'cafe24', { config, code, bus, escrow });
    const claroshop = new ClaroshopFlow(this, 'claroshop', { config, code, bus, escrow });

    const slaErrors = new SlaErrorsFlow(this, 'sla-errors', { config, code, bus });
    const api = new RestApi(this, 'api', {
      config,
      functions: [...cafe24.http, ...slaErrors.http],
    });

    const unrouted = this.#unrouted(config, bus);

    this.#tell({
      busName: bus.bus.name,
      databaseNotes: cafe24.databaseNotes,
      unroutedEventsQueueUrl: unrouted.queue.url,
      undeliverableEventsQueueUrl: bus.undeliverable.queue.url,
      escrowTable: escrow.table.name,
      announceCafe24Codes: cafe24.announce.function.outputs,
      exchangeCafe24Code: cafe24.exchange.outputs,
      refreshCafe24Token: cafe24.refresh.outputs,
      warnCafe24Expiry: cafe24.warn.function.outputs,
      recoverCafe24Grants: cafe24.recover.function.outputs,
      attemptsTable: claroshop.attempts.table.name,
      refreshClaroshopToken: claroshop.refresh.outputs,
      obtainClaroshopToken: claroshop.obtain.outputs,
      warnClaroshopExpiry: claroshop.warn.function.outputs,
      recordSlaErrors: slaErrors.record.outputs,
      fileSlaErrorsTable: slaErrors.store.tableName,
      userPoolId: slaErrors.senders.userPoolId,
      clientId: slaErrors.senders.clientId,
      apiId: api.api.id,
      apiUrl: api.stage.invokeUrl,
    });
  }

  /** Synthesis ends where a function would not start: nothing is written, nothing deployed. */
  #startInThought(config: StageConfig): void {
    this.node.addValidation({
      validate: () => [...environmentProblems(this.toTerraform(), config)],
    });
  }

  /** Events that nobody here knows. */
  #unrouted(config: StageConfig, bus: EventBus): WatchedQueue {
    const queue = new WatchedQueue(this, 'unrouted', { config, name: 'unrouted-events' });
    bus.route(either(ofNoKind(EVENTS), ofNoProvider(TokenExpiryWarning, WARNED_PROVIDERS)), queue);
    return queue;
  }

  /** Grants that a provider gave and the store of the flow could not take at once. */
  #escrow(config: StageConfig): DurableTable {
    return new DurableTable(this, 'grant-escrow', {
      config,
      tableName: resourceName(config, 'grant-escrow'),
      keys: {
        hashKey: 'provider',
        rangeKey: 'attemptId',
        attribute: [
          { name: 'provider', type: 'S' },
          { name: 'attemptId', type: 'S' },
        ],
      },
    });
  }

  #tell(outputs: StackOutputs): void {
    for (const [name, value] of Object.entries(outputs)) {
      new TerraformOutput(this, name, { value, staticId: true });
    }
  }
}
