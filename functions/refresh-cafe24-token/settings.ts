/**
 * What the infrastructure must know of this function. The timeout gives Cafe24 about 50 s: a
 * rotation that is aborted may be a lost grant.
 */
export const settings = {
  name: 'refresh-cafe24-token',
  timeoutSeconds: 60,
  batchSize: 10,
  retry: { horizonSeconds: 600, firstDelaySeconds: 5, maxDelaySeconds: 60 },
} as const;
