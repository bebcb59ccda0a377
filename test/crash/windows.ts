/** From a provider's answer to its first durable write. */
export interface UnsavedWindow {
  /** Real time of the process's own work, without its waits for virtual time; with its gathering. */
  readonly ms: number;
  /** Virtual time that passed meanwhile: what failed, and the pauses between tries. */
  readonly waitedMs: number;
  readonly where: 'store' | 'escrow';
  /** Something was made to fail in between, so the first write was not the first try. */
  readonly isAfterFault: boolean;
}

export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
