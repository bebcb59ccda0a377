/**
 * What the infrastructure must know of this function. It is invoked directly, and its time is enough
 * to wait for a lease of `refresh-claroshop-token` and to ask by itself after that.
 */
export const settings = {
  name: 'obtain-claroshop-token',
  timeoutSeconds: 60,
} as const;
