/**
 * For every AWS client: an answer or an error within seconds. The SDK's own default is to wait for
 * ever, and a call that hangs would hold a whole batch until Lambda ends the process.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    // Without it the SDK only logs a warning when the time is over.
    throwOnRequestTimeout: true,
  },
};
