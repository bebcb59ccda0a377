/** What the infrastructure must know of this function. */
export const settings = {
  name: 'submit-sla-errors',
  route: 'POST /file_sla_error',
  /** API Gateway waits for 29 s; the caller shall hear from us, not from it. */
  timeoutSeconds: 25,
} as const;
