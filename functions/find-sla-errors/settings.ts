/** What the infrastructure must know of this function. */
export const settings = {
  name: 'find-sla-errors',
  route: 'GET /file_sla_errors',
  /** API Gateway waits for 29 s. */
  timeoutSeconds: 25,
} as const;
