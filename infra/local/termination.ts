import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `cleanUp` when this process is told to end, then ends it as the signal would have (128 plus
 * the signal's number). A second signal changes nothing: what cleans up is bounded.
 *
 * @returns what takes the handlers away.
 */
export function onTermination(cleanUp: () => Promise<void>): () => void {
  const handle = (signal: NodeJS.Signals) => {
    void cleanUp().finally(() => process.exit(128 + constants.signals[signal]));
  };
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}
