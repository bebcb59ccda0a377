import { eventToEntry } from '#shared/eventbridge/entry.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import type { Coverage } from './coverage.ts';
import type { Ledger } from './ledger.ts';
import { randomOf, type Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Skies, Span } from './skies.ts';
import type { UnsavedWindow } from './windows.ts';

interface Beginning {
  readonly seed: number;
  readonly coverage: Coverage;
  readonly span: Span;
  /** As {@link Scheduler} asks it. */
  readonly isBlocked: () => Promise<boolean>;
}

/** All that one run consists of, as far as it is the same for every provider. */
export abstract class World {
  abstract readonly weather: Skies;
  abstract readonly ledger: Ledger;
  readonly seed: number;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly coverage: Coverage;
  readonly log = recordingLog();
  /** What was put on the bus, in that order. */
  readonly events: OutcomeEvent[] = [];
  readonly windows: UnsavedWindow[] = [];
  /** Errors that nobody foresaw. */
  readonly bugs: string[] = [];
  readonly trace: string[] = [];
  /** From here on nothing fails any more. */
  isHealed = false;
  readonly #startMs: number;
  #processes = 0;

  constructor({ seed, coverage, span, isBlocked }: Beginning) {
    this.seed = seed;
    this.random = randomOf(seed);
    this.scheduler = new Scheduler(span.startMs, isBlocked);
    this.coverage = coverage;
    this.#startMs = span.startMs;
  }

  nextProcessId(): number {
    this.#processes += 1;
    return this.#processes;
  }

  /** The bus has taken it. */
  published(event: OutcomeEvent): void {
    eventToEntry(event, 'crash');
    this.events.push(event);
  }

  note(process: SimulatedProcess | undefined, text: string): void {
    const seconds = ((this.scheduler.nowMs - this.#startMs) / 1_000).toFixed(3);
    const who = process === undefined ? 'world' : `${process.role} ${process.id}`;
    this.trace.push(`${seconds.padStart(9)} ${who.padEnd(12)} ${text}`);
  }
}

/** Any day: the seed alone decides what happens. */
export const START_MS = Date.parse('2026-03-01T12:00:00.000Z');
