import type { Deadline } from '../clock.ts';
import type { SlaBreach } from './breaches.ts';

/** A breach as the table keeps it. What the predecessor of tokenline stored has no reports. */
export interface StoredBreach extends Omit<SlaBreach, 'reportedAt'> {
  /** ISO-8601 UTC. */
  readonly firstReportedAt: string | undefined;
  readonly lastReportedAt: string | undefined;
}

/** Days as `YYYY-MM-DD`, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** What is searched: `days`, or `folder`, or what meets both. */
export interface BreachQuery {
  /** By the affected day. */
  readonly days: Days | undefined;
  /** To the letter as it was sent: it is a key of the table. */
  readonly folder: string | undefined;
  /** ISO-8601 UTC: only what was reported then or later. */
  readonly reportedSince: string | undefined;
}

/** How far a search has come. */
export interface Position {
  /** The day that it is at; `undefined` in a search by folder, which has no parts. */
  readonly day: string | undefined;
  /** The last breach that was looked at there. */
  readonly after: Pick<StoredBreach, 'errorId' | 'affectedDate'> | undefined;
}

export interface BreachPage {
  readonly breaches: readonly StoredBreach[];
  /** Ids of what meets the query but can't be read: another system stored it. */
  readonly unreadable: readonly string[];
  /** Where to go on; `undefined` when all was looked at. */
  readonly next: Position | undefined;
}

export interface PageRequest {
  readonly query: BreachQuery;
  /** `undefined`: at the newest. */
  readonly from: Position | undefined;
  readonly limit: number;
  readonly deadline: Deadline;
}

export interface BreachSearch {
  /**
   * One page, newest affected date first. It may hold fewer than `limit`, even none, and still have
   * a next one: what one page looks at is bounded, and ends in time before the deadline.
   *
   * @throws DependencyUnavailableError (503) the store throttled, or can not be reached; or there
   *   is no time to look at anything.
   * @throws DependencyRefusedError the position is none of this query.
   * @throws ConfigurationError (500) there is no such table or index, or we may not read it.
   */
  page(request: PageRequest): Promise<BreachPage>;
}

const DAY_MS = 86_400_000;

/** @param days how many days later; negative for earlier. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Where a search begins: at its newest day. */
export function startOf({ days, folder }: BreachQuery): Position {
  return { day: folder === undefined ? days?.to : undefined, after: undefined };
}
