import type { Affected } from './affected.ts';
import type { Deadline } from '../clock.ts';
import type { OldBreach } from './old-breach.ts';

/** One look at a table that tokenline took over. */
export interface LookRequest {
  /** Key of the last item that was looked at; `undefined` at the table's beginning. */
  readonly after: string | undefined;
  /** When an old item's time was over; `undefined` when that can't be told. */
  readonly affectedOf: (old: OldBreach) => Affected | undefined;
  readonly deadline: Deadline;
}

export interface Look {
  /** How many items were looked at. */
  readonly looked: number;
  /** How many of them got what search needs. */
  readonly filled: number;
  /** Keys of those that search does not find all the same: unreadable, refused or just changed. */
  readonly left: readonly string[];
  /** Key to go on after; `undefined` at the table's end. */
  readonly next: string | undefined;
}

/** A table of SLA errors that another system filled. */
export interface PredecessorTable {
  /** @throws {@link ConfigurationError} names every key and index that it lacks. */
  check(): Promise<void>;
  /**
   * Looks at the next items and gives those that lack it what search needs: `AffectedDay`, and
   * `AffectedDate` in our form. An affected date in another form stays as `OriginalAffectedDate`,
   * and no other attribute is touched. An item that
   * somebody changes meanwhile is left as it is.
   *
   * @throws {@link DependencyUnavailableError} an item could not be written now: look again.
   * @throws {@link ConfigurationError} there is no such table, or we may not read or write it.
   * @remarks Safe to call twice: what has an `AffectedDay` is never written.
   */
  fillNext(request: LookRequest): Promise<Look>;
}

/** How far the work on a table has come. */
export interface Progress {
  /** Key of the last item that was looked at. */
  readonly after: string | undefined;
  readonly done: boolean;
  /** Since it began; an item that a crash lets us look at twice counts twice. */
  readonly looked: number;
  readonly filled: number;
  readonly left: number;
  /** Counts the saves, so that of two runs at once only one goes on. */
  readonly version: number;
}

export interface ProgressStore {
  read(): Promise<Progress | undefined>;
  /**
   * Keeps it instead of the version before.
   *
   * @returns `'overtaken'` when another run kept its own meanwhile; nothing changed then.
   * @throws {@link DependencyUnavailableError} it could not be kept now.
   */
  save(progress: Progress): Promise<'saved' | 'overtaken'>;
}
