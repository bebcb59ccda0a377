import { Metrics as Emf, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Counts what is worth an alarm or a graph. */
export interface Metrics {
  /** Adds 1 to the metric with exactly these dimensions (and the function's name as `service`). */
  count(name: string, dimensions: Readonly<Record<string, string>>): void;
  /** States how many there are now. */
  gauge(name: string, value: number): void;
}

/**
 * Writes each count to the log at once in CloudWatch's Embedded Metric Format, in the namespace
 * `tokenline`: CloudWatch makes metrics of it, no call and no permission is needed.
 */
export function powertoolsMetrics(functionName: string): Metrics {
  const emf = new Emf({ namespace: 'tokenline', serviceName: functionName });
  return {
    count(name, dimensions) {
      emf
        .singleMetric()
        .addDimensions({ ...dimensions })
        .addMetric(name, MetricUnit.Count, 1);
    },
    gauge(name, value) {
      emf.singleMetric().addMetric(name, MetricUnit.Count, value);
    },
  };
}
