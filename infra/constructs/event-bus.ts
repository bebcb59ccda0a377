import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus/index.js';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { EventPattern } from './event-pattern.ts';
import { EventRoute } from './event-route.ts';
import type { StandardQueue } from './standard-queue.ts';
import { WatchedQueue } from './watched-queue.ts';

/** The bus with its routes, and the queue for what it could not hand over on any of them. */
export class EventBus extends Construct {
  readonly bus: CloudwatchEventBus;
  readonly undeliverable: WatchedQueue;
  readonly #config: StageConfig;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    this.#config = config;
    this.bus = new CloudwatchEventBus(this, 'bus', { name: config.NAME_PREFIX });
    const name = 'undeliverable-events';
    this.undeliverable = new WatchedQueue(this, name, { config, name });
  }

  /** Leads the events of a pattern into a queue; a queue has one route. */
  route(pattern: EventPattern, queue: StandardQueue): void {
    const { bus, undeliverable } = this;
    new EventRoute(queue, 'route', { config: this.#config, bus, pattern, queue, undeliverable });
  }
}
