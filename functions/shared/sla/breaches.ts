import type { Deadline } from '../clock.ts';

/** One report that a file stays longer than it may. */
export interface SlaBreach {
  /** See `errorIdOf`: equal for every report of the same file. */
  readonly errorId: string;
  /** As sent, like `filename`, `sla` and `creationDate`. */
  readonly folder: string;
  readonly filename: string;
  /** Minutes that the file may stay. */
  readonly sla: number;
  readonly creationDate: string;
  /** ISO-8601 UTC with milliseconds. */
  readonly affectedDate: string;
  /** `YYYY-MM-DD` in the zone of the people who search. */
  readonly affectedDay: string;
  /** ISO-8601 UTC with milliseconds. */
  readonly reportedAt: string;
  readonly submissionId: string | undefined;
  readonly submittedBy: string | undefined;
}

/** What becomes of a report; after either the store knows the file and its latest report. */
export type Recorded = 'recorded' | 'duplicate';

/** The store of breaches, as one invocation writes to it. */
export interface SlaBreaches {
  /**
   * Records a breach at most once per `errorId`; the latest report of a known one is kept as a
   * maximum, in whatever order reports come.
   *
   * @returns `'recorded'`, or `'duplicate'` when the file was recorded before: nothing but
   *   `LastReportedAt` changes then, and never backwards.
   * @throws {@link DependencyUnavailableError} (retry) the store throttled until the deadline, or
   *   can't be reached.
   * @throws {@link DependencyRefusedError} (reject) the store will never take this breach.
   * @throws {@link ConfigurationError} (retry) there is no such table, or we may not write to it.
   * @remarks Safe to call twice. Calls of one invocation that come within 2 ms share their writes.
   */
  record(breach: SlaBreach): Promise<Recorded>;
}

/** Begins an invocation's work: what is gathered and retried ends with it, before the deadline. */
export type OpenSlaBreaches = (deadline: Deadline) => SlaBreaches;
