/** What the infrastructure must know of this function. */
export const settings = {
  name: 'start-cafe24-authorization',
  route: 'GET /cafe24/authorize',
  /** A connection and a statement of 1 s each, a read of the password, and air. */
  timeoutSeconds: 15,
} as const;
