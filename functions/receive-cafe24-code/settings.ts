/** What the infrastructure must know of this function. */
export const settings = {
  name: 'receive-cafe24-code',
  route: 'GET /cafe24/callback',
  /** One statement, three tries of 3 s to announce, and air; API Gateway waits for 29 s. */
  timeoutSeconds: 25,
} as const;
