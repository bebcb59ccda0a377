const CONNECT_MS = 1_000;
const REQUEST_MS = 3_000;

/** The longest that one try of a call waits until its answer begins. */
export const LONGEST_TRY_MS = CONNECT_MS + REQUEST_MS;

const REQUEST_LIMITS = {
  connectionTimeout: CONNECT_MS,
  requestTimeout: REQUEST_MS,
  // Without it the SDK only logs a warning when the time is over.
  throwOnRequestTimeout: true,
  // The SDK stops the other clocks when the answer's first line comes (node-http-handler 4.14): this
  // one ends an answer that stops half-way.
  socketTimeout: REQUEST_MS,
};

interface ClientSettings {
  readonly maxAttempts: number;
  readonly requestHandler: typeof REQUEST_LIMITS;
}

/**
 * Makes an AWS client whose calls bring an answer or an error within seconds. The SDK's own default
 * is to wait for ever, and a call that hangs would hold a whole batch until Lambda ends the process.
 * ESLint forbids to make a client in another way.
 *
 * @param maxAttempts 1 where the caller repeats, since it knows what is worth repeating.
 */
export function awsClient<Client>(
  SdkClient: new (settings: ClientSettings) => Client,
  maxAttempts = 3,
): Client {
  return new SdkClient({ maxAttempts, requestHandler: REQUEST_LIMITS });
}
