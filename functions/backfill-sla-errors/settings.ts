/** What the infrastructure must know of this function. */
export const settings = {
  name: 'backfill-sla-errors',
  schedule: 'rate(1 minute)',
  /** Shorter than the schedule's period: runs do not overlap. */
  timeoutSeconds: 50,
} as const;
