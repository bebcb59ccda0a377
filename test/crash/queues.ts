import { settings as exchangeSettings } from '#functions/exchange-cafe24-code/settings.ts';
import { settings as refreshSettings } from '#functions/refresh-cafe24-token/settings.ts';
import type { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { fateOf } from '#shared/sqs/fates.ts';
import type { Message } from '#shared/sqs/message.ts';
import { maxReceiveCount, retryDelaySeconds } from '#shared/sqs/retry-policy.ts';
import type { Cafe24Process } from './pipeline.ts';
import type { World } from './world.ts';

interface Kind {
  readonly lifeMs: number;
  readonly visibilityMs: number;
  readonly retry: Parameters<typeof maxReceiveCount>[0];
}

const KINDS = {
  exchange: {
    lifeMs: exchangeSettings.timeoutSeconds * 1_000,
    visibilityMs: exchangeSettings.visibilityTimeoutSeconds * 1_000,
    retry: exchangeSettings.retry,
  },
  refresh: {
    lifeMs: refreshSettings.timeoutSeconds * 1_000,
    visibilityMs: 6 * refreshSettings.timeoutSeconds * 1_000,
    retry: refreshSettings.retry,
  },
} satisfies Record<string, Kind>;

interface Queued {
  readonly id: string;
  readonly flow: 'exchange' | 'refresh';
  readonly detail: AuthorizationCodeArrived | Cafe24ExpiryWarning;
  readonly publishedMs: number;
  receiveCount: number;
  /** Until it is done, by one of the three fates. */
  isGone: boolean;
}

/** The two queues with their consumers: at least once, retried and rejected as the real worker does. */
export class Queues {
  readonly #world: World;
  readonly #messages = new Set<Queued>();
  readonly fates = { acknowledged: 0, retried: 0, rejected: 0 };
  readonly rejections = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Messages that have met none of their fates. */
  get waiting(): number {
    return this.#messages.size;
  }

  send(flow: Queued['flow'], detail: Queued['detail'], delayMs?: number): void {
    const { random, scheduler } = this.#world;
    const message: Queued = {
      ...{ flow, detail, receiveCount: 0, isGone: false },
      id: random.uuid(),
      publishedMs: scheduler.nowMs,
    };
    this.#messages.add(message);
    this.#show([message], delayMs ?? random.between(20, 800));
  }

  /** Equal messages that reach their consumers while the first of them asks the provider. */
  sendBurst(detail: Cafe24ExpiryWarning, count: number): void {
    for (let sent = 0; sent < count; sent++) {
      this.send('refresh', detail, this.#world.random.between(5, 300));
    }
  }

  #show(messages: readonly Queued[], delayMs: number): void {
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

  async #deliver(messages: readonly Queued[]): Promise<void> {
    const world = this.#world;
    for (const message of messages.filter(({ isGone }) => !isGone)) {
      const { lifeMs, visibilityMs, retry } = KINDS[message.flow];
      message.receiveCount += 1;
      if (message.receiveCount > maxReceiveCount(retry)) {
        this.#end(message, 'rejected', 'received-too-often');
        continue;
      }
      const process = world.newProcess(message.flow, lifeMs);
      process.simulated.onStop = () => {
        if (!message.isGone) this.#show([message], visibilityMs);
      };
      await this.#consume(message, process);
    }
  }

  async #consume(message: Queued, process: Cafe24Process): Promise<void> {
    const { scheduler, random } = this.#world;
    const { simulated } = process;
    const asReceived: Message<never> = {
      detail: message.detail as never,
      messageId: message.id,
      publishedAt: new Date(message.publishedMs),
      receiveCount: message.receiveCount,
      correlationId: message.id,
      causationId: message.id,
    };
    await process.start(async () => {
      const ageSeconds = (scheduler.nowMs - message.publishedMs) / 1_000;
      if (simulated.remainingMs() < TIME_TO_ATTEMPT_MS) return;
      try {
        const outcome = await process[message.flow](asReceived);
        this.#world.note(simulated, `= ${outcome}`);
        this.#end(message, 'acknowledged', outcome);
      } catch (thrown) {
        const { fate, code, retryAfterSeconds, error } = fateOf(thrown);
        this.#world.note(simulated, `! ${code}`);
        if (code === 'unknown-error') this.#world.bugs.push(`${message.flow}: ${error.message}`);
        const { retry } = KINDS[message.flow];
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

  #end(message: Queued, fate: 'acknowledged' | 'rejected', why: string): void {
    if (message.isGone) return;
    message.isGone = true;
    this.#messages.delete(message);
    this.fates[fate] += 1;
    if (fate === 'rejected') this.rejections.set(why, (this.rejections.get(why) ?? 0) + 1);
  }
}

/** A process of a scheduled function lives so long. */
export const SWEEP_LIFE_MS = 60_000;
