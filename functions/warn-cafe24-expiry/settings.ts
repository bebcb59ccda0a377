/** What the infrastructure must know of this function. */
export const settings = {
  name: 'warn-cafe24-expiry',
  timeoutSeconds: 60,
  schedule: 'rate(1 minute)',
} as const;

/**
 * `code` of the log's lines about a mall that Cafe24 refuses for a day in words that no table knows:
 * an alarm counts them.
 */
export const LASTING_REFUSAL = 'refusal-unrecognized';
