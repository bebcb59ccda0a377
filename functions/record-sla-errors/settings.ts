/**
 * What the infrastructure must know of this function.
 *
 * Producers may send one file a message, so a batch is larger than ten: what it costs is counted in
 * calls of 25 files. Lambda wants a window for that, and cuts a batch at its payload limit of 6 MB.
 */
export const settings = {
  name: 'record-sla-errors',
  timeoutSeconds: 60,
  batchSize: 100,
  batchingWindowSeconds: 1,
  retry: { horizonSeconds: 12 * 3_600, firstDelaySeconds: 5, maxDelaySeconds: 900 },
} as const;
