/** What the infrastructure must know of this function. */
export const settings = {
  name: 'warn-claroshop-expiry',
  timeoutSeconds: 60,
  schedule: 'rate(1 minute)',
} as const;
