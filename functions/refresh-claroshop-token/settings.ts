/**
 * What the infrastructure must know of this function. The timeout gives ClaroShop about 24 s, and the
 * next sweep a chance within the margin: whatever a slow answer would have brought, the password
 * brings it too.
 */
export const settings = {
  name: 'refresh-claroshop-token',
  timeoutSeconds: 30,
  batchSize: 10,
  retry: { horizonSeconds: 600, firstDelaySeconds: 5, maxDelaySeconds: 60 },
} as const;
