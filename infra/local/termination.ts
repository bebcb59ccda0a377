import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const cleanUps = new Set<() => Promise<void>>();
let terminating = false;

/**
 * Runs `cleanUp` when this process is told to end, beside all others that were given here, then ends
 * the process as the signal would have (128 plus the signal's number). A second signal changes
 * nothing: what cleans up is bounded.
 *
 * @returns what takes it back.
 */
export function onTermination(cleanUp: () => Promise<void>): () => void {
  if (cleanUps.size === 0) for (const signal of signals) process.on(signal, terminate);
  cleanUps.add(cleanUp);
  return () => {
    cleanUps.delete(cleanUp);
    if (cleanUps.size > 0 || terminating) return;
    for (const signal of signals) process.off(signal, terminate);
  };
}

/** Whether the process was told to end: what fails from then on fails because of it. */
export function isTerminating(): boolean {
  return terminating;
}

function terminate(signal: NodeJS.Signals): void {
  if (terminating) return;
  terminating = true;
  void Promise.allSettled([...cleanUps].map((cleanUp) => cleanUp())).then(() => {
    process.exit(128 + constants.signals[signal]);
  });
}
