/** What the infrastructure must know of this function. */
export const settings = {
  name: 'authenticate-user',
  route: 'POST /auth',
  /** Two calls to Cognito of 5 s, a read of the secret, and air; API Gateway waits for 29 s. */
  timeoutSeconds: 15,
} as const;
