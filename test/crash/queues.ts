import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { fateOf } from '#shared/sqs/fates.ts';
import type { Message } from '#shared/sqs/message.ts';
import { maxReceiveCount, retryDelaySeconds } from '#shared/sqs/retry-policy.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { World } from './world.ts';

/** How a queue's consumer lives, and how it repeats. */
export interface Consuming {
  readonly lifeMs: number;
  readonly visibilityMs: number;
  readonly retry: Parameters<typeof maxReceiveCount>[0];
}

/** One process that has received one message. */
export interface Consumer {
  readonly simulated: SimulatedProcess;
  start(work: () => Promise<unknown>): Promise<void>;
  /** @returns the outcome that its function reports. */
  consume(message: Message<never>): Promise<string>;
}

interface Setting<Role extends string> {
  readonly consumers: Readonly<Record<Role, Consuming>>;
  readonly newConsumer: (role: Role, lifeMs: number) => Consumer;
}

interface Queued<Role extends string> {
  readonly id: string;
  readonly role: Role;
  readonly detail: object;
  readonly publishedMs: number;
  receiveCount: number;
  /** Until it is done, by one of the three fates. */
  isGone: boolean;
}

/** The queues with their consumers: at least once, retried and rejected as the real worker does. */
export class Queues<Role extends string> {
  readonly #world: World;
  readonly #setting: Setting<Role>;
  readonly #messages = new Set<Queued<Role>>();
  readonly fates = { acknowledged: 0, retried: 0, rejected: 0 };
  readonly rejections = new Map<string, number>();

  constructor(world: World, setting: Setting<Role>) {
    this.#world = world;
    this.#setting = setting;
  }

  /** Messages that have met none of their fates. */
  get waiting(): number {
    return this.#messages.size;
  }

  send(role: Role, detail: object, delayMs?: number): void {
    const { random, scheduler } = this.#world;
    const message: Queued<Role> = {
      ...{ role, detail, receiveCount: 0, isGone: false },
      id: random.uuid(),
      publishedMs: scheduler.nowMs,
    };
    this.#messages.add(message);
    this.#show([message], delayMs ?? random.between(20, 800));
  }

  /** Equal messages that reach their consumers while the first of them asks the provider. */
  sendBurst(role: Role, detail: object, count: number): void {
    for (let sent = 0; sent < count; sent++) {
      this.send(role, detail, this.#world.random.between(5, 300));
    }
  }

  #show(messages: readonly Queued<Role>[], delayMs: number): void {
    const { scheduler, random, weather, isHealed } = this.#world;
    scheduler.at(scheduler.nowMs + delayMs, () => this.#deliver(messages));
    const isFirst = messages.every(({ receiveCount }) => receiveCount === 0);
    if (isHealed || !isFirst || !random.chance(weather.duplicate)) return;
    // At least once: also of a message that was acknowledged meanwhile.
    for (const message of messages) {
      const copy = { ...message, isGone: false };
      this.#messages.add(copy);
      const atMs = scheduler.nowMs + delayMs + random.between(5, 45_000);
      scheduler.at(atMs, () => this.#deliver([copy]));
    }
  }

  async #deliver(messages: readonly Queued<Role>[]): Promise<void> {
    for (const message of messages.filter(({ isGone }) => !isGone)) {
      const { lifeMs, visibilityMs, retry } = this.#setting.consumers[message.role];
      message.receiveCount += 1;
      if (message.receiveCount > maxReceiveCount(retry, visibilityMs / 1_000)) {
        this.#end(message, 'rejected', 'received-too-often');
        continue;
      }
      const process = this.#setting.newConsumer(message.role, lifeMs);
      process.simulated.onStop = () => {
        if (!message.isGone) this.#show([message], visibilityMs);
      };
      await this.#consume(message, process);
    }
  }

  async #consume(message: Queued<Role>, process: Consumer): Promise<void> {
    const { scheduler, random } = this.#world;
    const { simulated } = process;
    const asReceived: Message<never> = {
      detail: message.detail as never,
      messageId: message.id,
      publishedAt: new Date(message.publishedMs),
      receiveCount: message.receiveCount,
      correlationId: causeOf(message.detail) ?? message.id,
      causationId: message.id,
    };
    await process.start(async () => {
      const ageSeconds = (scheduler.nowMs - message.publishedMs) / 1_000;
      if (simulated.remainingMs() < TIME_TO_ATTEMPT_MS) return;
      try {
        const outcome = await process.consume(asReceived);
        this.#world.note(simulated, `= ${outcome}`);
        this.#end(message, 'acknowledged', outcome);
      } catch (thrown) {
        const { fate, code, retryAfterSeconds, error } = fateOf(thrown);
        this.#world.note(simulated, `! ${code}`);
        if (code === 'unknown-error') this.#world.bugs.push(`${message.role}: ${error.message}`);
        const { retry } = this.#setting.consumers[message.role];
        if (fate === 'reject') this.#end(message, 'rejected', code);
        else if (ageSeconds >= retry.horizonSeconds) {
          this.#end(message, 'rejected', `retries-exhausted:${code}`);
        } else if (!message.isGone) {
          this.fates.retried += 1;
          const { receiveCount } = message;
          const failed = { receiveCount, ageSeconds, retryAfterSeconds };
          const delaySeconds = retryDelaySeconds(retry, failed, () => random.next());
          this.#show([message], delaySeconds * 1_000);
        }
      }
    });
  }

  #end(message: Queued<Role>, fate: 'acknowledged' | 'rejected', why: string): void {
    if (message.isGone) return;
    message.isGone = true;
    this.#messages.delete(message);
    this.fates[fate] += 1;
    if (fate === 'rejected') this.rejections.set(why, (this.rejections.get(why) ?? 0) + 1);
  }
}

/** A process of a scheduled function lives so long. */
export const SWEEP_LIFE_MS = 60_000;

/** As the publisher calls it, whatever it is. */
function causeOf(detail: { readonly metadata?: { readonly correlationId?: string } }) {
  return detail.metadata?.correlationId;
}
