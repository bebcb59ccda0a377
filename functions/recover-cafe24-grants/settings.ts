/** What the infrastructure must know of this function. */
export const settings = {
  name: 'recover-cafe24-grants',
  timeoutSeconds: 60,
  schedule: 'rate(1 minute)',
} as const;
