import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { deadLetterOf, type DeadLetter } from '#shared/sqs/dead-letter.ts';
import type { QueueMessages } from '#shared/sqs/queue-messages.ts';
import { Agenda } from './agenda.ts';
import { lambdaContext } from './lambda-context.ts';
import { sqsRecord } from './sqs-records.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A queue, its redrive policy, its function and the mapping between them, as they are deployed. */
export interface QueueSetting {
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly maximumConcurrency: number;
  readonly timeoutSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly maxReceiveCount: number;
}

/** How a message ended: a worker was done with it, rejected it, or SQS gave it up. */
export interface End {
  readonly fate: 'done' | 'rejected' | 'received-too-often';
  readonly ageSeconds: number;
  readonly receiveCount: number;
  readonly letter?: DeadLetter;
}

interface VirtualMessage {
  readonly id: string;
  /** As of its first receive. */
  readonly record: SQSRecord;
  readonly sentMs: number;
  visibleMs: number;
  receiveCount: number;
}

interface Means {
  readonly time: VirtualTime;
  /** Draws from [0, 1): SQS hands messages out in no order. */
  readonly random: () => number;
}

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
type Call = 'hide' | 'reject' | 'delete';

/** What a call to SQS takes. */
const CALL_MS = 20;

/**
 * SQS and Lambda in virtual time, as AWS documents them (SQS's developer guide on the visibility
 * timeout and on dead-letter queues, Lambda's on event source mappings of SQS; read 2026-11):
 *
 * - a receive hides a message for the visibility timeout and is counted; one that was received
 *   `maxReceiveCount` times already goes to the DLQ instead, as it is;
 * - a batch is what is visible, up to the batch size, or what comes until the window is over;
 * - what a function reports as failed stays as it is, the rest is deleted; of a function that is
 *   ended at its timeout everything stays;
 * - the messages of a throttled invocation were received, and come back by the visibility timeout.
 */
export class VirtualQueue {
  readonly ends = new Map<string, End>();
  /** True while Lambda refuses to invoke the function. */
  isThrottled: () => boolean = () => false;
  /** True while SQS refuses a call. */
  isBroken: (call: Call) => boolean = () => false;
  readonly #setting: QueueSetting;
  readonly #means: Means;
  readonly #messages = new Map<string, VirtualMessage>();
  readonly #visible: VirtualMessage[] = [];
  /** With entries that a later hide has made void. */
  readonly #hidden = new Agenda<VirtualMessage>();
  #idle: (() => void)[] = [];
  #bellMs = Infinity;

  constructor(setting: QueueSetting, means: Means) {
    this.#setting = setting;
    this.#means = means;
  }

  get remaining(): number {
    return this.#messages.size;
  }

  send(id: string, body: unknown): void {
    const { nowMs } = this.#means.time;
    const record = sqsRecord({ messageId: id, body, sentAt: new Date(nowMs) });
    const message = { id, record, sentMs: nowMs, visibleMs: nowMs, receiveCount: 0 };
    this.#messages.set(id, message);
    this.#hide(message, 0);
  }

  /** As many pollers as functions may run at once, each with one batch in hand. */
  consume(makeHandler: (queue: QueueMessages) => Handler): void {
    const poll = async () => {
      while (this.remaining > 0) {
        const records = await this.#nextBatch();
        if (records.length > 0 && !this.isThrottled()) await this.#invoke(records, makeHandler);
      }
    };
    for (let poller = 0; poller < this.#setting.maximumConcurrency; poller++) void poll();
  }

  async #nextBatch(): Promise<readonly SQSRecord[]> {
    const { batchSize, batchingWindowSeconds } = this.#setting;
    const records = this.#receive(batchSize);
    if (records.length === 0) await this.#somethingVisible();
    if (records.length === 0 || records.length === batchSize) return records;
    if (batchingWindowSeconds === 0) return records;
    await this.#means.time.sleep(batchingWindowSeconds * 1_000);
    return [...records, ...this.#receive(batchSize - records.length)];
  }

  #receive(count: number): readonly SQSRecord[] {
    const { random } = this.#means;
    this.#show();
    const records: SQSRecord[] = [];
    while (records.length < count && this.#visible.length > 0) {
      const last = this.#visible.pop()!;
      const drawn = Math.floor(random() * (this.#visible.length + 1));
      const message = this.#visible[drawn] ?? last;
      if (message !== last) this.#visible[drawn] = last;
      if (message.receiveCount === this.#setting.maxReceiveCount) {
        this.#messages.delete(message.id);
        this.#end(message, { fate: 'received-too-often' });
        continue;
      }
      message.receiveCount += 1;
      this.#hide(message, this.#setting.visibilityTimeoutSeconds);
      records.push(received(message));
    }
    return records;
  }

  async #invoke(
    records: readonly SQSRecord[],
    makeHandler: (queue: QueueMessages) => Handler,
  ): Promise<void> {
    const { time } = this.#means;
    const endMs = time.nowMs + this.#setting.timeoutSeconds * 1_000;
    const handler = makeHandler(this.#port(() => time.nowMs < endMs));
    const context = lambdaContext(() => endMs - time.nowMs);
    const answer = await Promise.race([
      handler({ Records: [...records] }, context),
      time.sleepUntil(endMs),
    ]);
    if (!answer) return;
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const record of records) if (!failed.has(record.messageId)) this.#delete(record);
  }

  /** What a worker does to messages; a process that was ended does nothing any more. */
  #port(isAlive: () => boolean): QueueMessages {
    const call = async (name: Call, effect: () => void) => {
      await this.#means.time.sleep(CALL_MS);
      if (!isAlive()) await new Promise<never>(() => undefined);
      if (this.isBroken(name)) throw new Error(`SQS refuses to ${name}`);
      effect();
    };
    return {
      hide: (record, seconds) =>
        call('hide', () => {
          const message = this.#inFlight(record);
          if (message) this.#hide(message, seconds);
        }),
      delete: (records) =>
        call('delete', () => {
          for (const record of records) this.#delete(record);
        }),
      reject: async (record, rejection) => {
        const letter = deadLetterOf(record, rejection, 'a-function');
        await call('reject', () => {
          const message = this.#inFlight(record);
          if (message) this.#end(message, { fate: 'rejected', letter });
        });
        return { deadLetterId: 'a-letter', explained: letter.explained };
      },
    };
  }

  /** Undefined where the receipt is not that of the last receive. */
  #inFlight({ messageId, attributes }: SQSRecord): VirtualMessage | undefined {
    const message = this.#messages.get(messageId);
    return attributes.ApproximateReceiveCount === String(message?.receiveCount)
      ? message
      : undefined;
  }

  #delete(record: SQSRecord): void {
    const message = this.#inFlight(record);
    if (message === undefined) return;
    this.#messages.delete(message.id);
    if (!this.ends.has(message.id)) this.#end(message, { fate: 'done' });
  }

  #end(message: VirtualMessage, how: Pick<End, 'fate' | 'letter'>): void {
    const ageSeconds = (this.#means.time.nowMs - message.sentMs) / 1_000;
    this.ends.set(message.id, { ...how, ageSeconds, receiveCount: message.receiveCount });
  }

  #hide(message: VirtualMessage, seconds: number): void {
    message.visibleMs = this.#means.time.nowMs + seconds * 1_000;
    this.#hidden.add(message.visibleMs, message);
    if (this.#idle.length > 0) this.#ringAt(message.visibleMs);
  }

  /** Moves what is due from the hidden to the visible. */
  #show(): void {
    while (this.#hidden.nextMs <= this.#means.time.nowMs) {
      const { atMs, item: message } = this.#hidden.take();
      if (message.visibleMs === atMs && this.#messages.has(message.id)) this.#visible.push(message);
    }
  }

  #somethingVisible(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#ringAt(this.#hidden.nextMs);
    });
  }

  #ringAt(atMs: number): void {
    if (atMs >= this.#bellMs) return;
    this.#bellMs = atMs;
    void this.#means.time.sleepUntil(atMs).then(() => {
      if (this.#bellMs !== atMs) return;
      this.#bellMs = Infinity;
      for (const wake of this.#idle.splice(0)) wake();
    });
  }
}

function received({ record, receiveCount }: VirtualMessage): SQSRecord {
  const ApproximateReceiveCount = String(receiveCount);
  return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount } };
}
