/** How a worker spaces its retries. Infrastructure computes the queue's receive limit from it. */
export interface RetryPolicy {
  /** Age of a message, in seconds, past which a failing one is rejected instead of retried. */
  readonly horizonSeconds: number;
  /** Delay after the first failure; doubles with each further receive. */
  readonly firstDelaySeconds: number;
  readonly maxDelaySeconds: number;
}
