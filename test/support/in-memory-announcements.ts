import { randomUUID } from 'node:crypto';
import type { Clock } from '#shared/clock.ts';
import { MARK_SECONDS, type CodeAnnouncements } from '#shared/grants/announcements.ts';

interface Code {
  readonly mallId: string;
  readonly codeId: string;
  readonly receivedAtMs: number;
  status: 'received' | 'exchanging' | 'exchanged' | 'expired' | 'rejected' | 'superseded';
  announceAgainAtMs: number;
  eventId: string | undefined;
}

const CODE_LIFE_MS = 60_000;

/** The announcements of codes in memory, held to the same suite as those on Postgres. */
export class InMemoryAnnouncements implements CodeAnnouncements {
  readonly codes: Code[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Other software inserts a code. @returns its id. */
  insert(mallId: string, ageSeconds = 0): string {
    const codeId = String(this.codes.length + 1);
    const receivedAtMs = this.#nowMs - ageSeconds * 1_000;
    const unmarked = { announceAgainAtMs: -Infinity, eventId: undefined };
    this.codes.push({ mallId, codeId, receivedAtMs, status: 'received', ...unmarked });
    return codeId;
  }

  setStatus(codeId: string, status: Code['status']): void {
    for (const code of this.codes.filter((it) => it.codeId === codeId)) code.status = status;
  }

  markWaiting(malls: readonly string[], limit: number) {
    const waiting = this.codes
      .filter((code) => malls.includes(code.mallId) && this.#isFree(code))
      .sort((one, other) => one.receivedAtMs - other.receivedAtMs)
      .slice(0, limit);
    return Promise.resolve(waiting.map((code) => this.#mark(code)));
  }

  markNewest(mallId: string): ReturnType<CodeAnnouncements['markNewest']> {
    const [newest] = this.codes
      .filter((code) => code.mallId === mallId)
      .sort((one, other) => other.receivedAtMs - one.receivedAtMs);
    if (newest === undefined) return Promise.resolve(undefined);
    if (this.#isFree(newest)) return Promise.resolve({ state: 'marked', ...this.#mark(newest) });
    const { codeId, status, eventId } = newest;
    const silent = this.#isYoung(newest) ? 'announced' : 'expired';
    const state = status === 'received' ? silent : status;
    return Promise.resolve({ state, mallId, codeId, eventId });
  }

  confirm(codeIds: readonly string[]): Promise<void> {
    for (const code of this.codes.filter((it) => codeIds.includes(it.codeId))) {
      code.announceAgainAtMs = Infinity;
    }
    return Promise.resolve();
  }

  get #nowMs(): number {
    return this.#clock().getTime();
  }

  #isYoung({ receivedAtMs }: Code): boolean {
    return receivedAtMs > this.#nowMs - CODE_LIFE_MS;
  }

  #isFree(code: Code): boolean {
    const isMarked = code.announceAgainAtMs > this.#nowMs;
    return code.status === 'received' && this.#isYoung(code) && !isMarked;
  }

  #mark(code: Code) {
    code.announceAgainAtMs = this.#nowMs + MARK_SECONDS * 1_000;
    code.eventId ??= randomUUID();
    return { mallId: code.mallId, codeId: code.codeId, eventId: code.eventId };
  }
}
