import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import { eventToEntry } from '#shared/eventbridge/entry.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { fateOf } from '#shared/sqs/fates.ts';
import { cafe24Provider, type Provider } from '#test/support/cafe24-provider/provider.ts';
import { application } from '#test/support/cafe24-provider/unplugged.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import type { Coverage } from './coverage.ts';
import type { CrashDatabase } from './crash-database.ts';
import { Ledger } from './ledger.ts';
import { cafe24Process, type Ablation, type Cafe24Process } from './pipeline.ts';
import { Queues } from './queues.ts';
import { randomOf, type Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { SimulatedProcess, type Flow } from './simulated-process.ts';
import type { UnsavedWindow } from './windows.ts';
import { weatherOf, type Span, type Weather } from './weather.ts';

export interface RunOptions {
  readonly seed: number;
  readonly zombies: boolean;
  readonly ablation: Ablation;
  readonly database: CrashDatabase;
  readonly coverage: Coverage;
}

/** All that one run consists of. */
export class World {
  readonly seed: number;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly malls: readonly string[];
  readonly provider: Provider;
  readonly escrow = inMemoryEscrow<Cafe24Grant>();
  readonly ledger = new Ledger();
  readonly queues: Queues;
  readonly log = recordingLog();
  readonly coverage: Coverage;
  readonly ablation: Ablation;
  readonly database: CrashDatabase;
  /** What was put on the bus, in that order. */
  readonly events: OutcomeEvent[] = [];
  readonly windows: UnsavedWindow[] = [];
  /** Errors that nobody foresaw. */
  readonly bugs: string[] = [];
  readonly trace: string[] = [];
  /** From here on nothing fails any more. */
  isHealed = false;
  #processes = 0;

  constructor({ seed, zombies, ablation, database, coverage }: RunOptions, span: Span) {
    this.seed = seed;
    this.random = randomOf(seed);
    this.scheduler = new Scheduler(span.startMs, () => database.isBlocked());
    const weather = weatherOf(this.random.fork(1), span, { zombies, hungry: coverage.hungry });
    this.weather = ablation.weather?.(weather) ?? weather;
    this.malls = Array.from({ length: this.weather.malls }, (_, at) => `mall-${seed}-${at + 1}`);
    this.provider = cafe24Provider(application, () => this.scheduler.now);
    this.provider.configure('*', this.weather.provider);
    this.queues = new Queues(this);
    this.ablation = ablation;
    this.database = database;
    this.coverage = coverage;
  }

  newProcess(flow: Flow, lifeMs: number): Cafe24Process {
    this.#processes += 1;
    const lane = this.database.lanes.take();
    return cafe24Process(new SimulatedProcess(this, lane, { id: this.#processes, flow, lifeMs }));
  }

  /** A scheduled function runs. */
  async invoke(flow: 'warn' | 'recover', lifeMs: number): Promise<void> {
    const process = this.newProcess(flow, lifeMs);
    await process.start(async () => {
      await process[flow]().catch((error: unknown) => {
        const { code, error: thrown } = fateOf(error);
        this.note(process.simulated, `! ${code}`);
        if (code === 'unknown-error') this.bugs.push(`${flow}: ${thrown.message}`);
      });
    });
  }

  published(event: OutcomeEvent): void {
    eventToEntry(event, 'crash');
    this.events.push(event);
    const { detailType, detail } = event;
    if (detailType === 'TokenExpiryWarning') {
      this.queues.send('refresh', detail as unknown as Cafe24ExpiryWarning);
    }
    if (detailType === 'AuthorizationCodeArrived') {
      this.queues.send('exchange', detail as unknown as AuthorizationCodeArrived);
    }
  }

  note(process: SimulatedProcess | undefined, text: string): void {
    const seconds = ((this.scheduler.nowMs - this.startMs) / 1_000).toFixed(3);
    const who = process === undefined ? 'world' : `${process.flow} ${process.id}`;
    this.trace.push(`${seconds.padStart(9)} ${who.padEnd(12)} ${text}`);
  }

  get startMs(): number {
    return START_MS;
  }
}

/** Any day: the seed alone decides what happens. */
export const START_MS = Date.parse('2026-03-01T12:00:00.000Z');
