/**
 * What the infrastructure must know of this function.
 *
 * A code lives 60 s (Cafe24's documentation, read 2026-11), so a message that a dead process left
 * behind must come back while the code is young: the visibility timeout is the named exception of
 * the rule of 6 x the function's timeout.
 */
export const settings = {
  name: 'exchange-cafe24-code',
  timeoutSeconds: 20,
  visibilityTimeoutSeconds: 25,
  batchSize: 10,
  retry: { horizonSeconds: 75, firstDelaySeconds: 1, maxDelaySeconds: 5 },
} as const;
