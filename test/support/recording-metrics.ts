import type { Metrics } from '#shared/metrics.ts';

export interface RecordingMetrics extends Metrics {
  /** `Responses route=POST /auth status=200`, in the order in which they were counted. */
  readonly counts: readonly string[];
}

export function recordingMetrics(): RecordingMetrics {
  const counts: string[] = [];
  return {
    counts,
    count: (name, dimensions) => {
      const pairs = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
      counts.push([name, ...pairs].join(' '));
    },
    gauge: (name, value) => {
      counts.push(`${name} ${String(value)}`);
    },
  };
}
