/** Of what a function has written, the lines in CloudWatch's Embedded Metric Format. */
export function metricsIn(texts: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  return texts
    .filter((line) => line.includes('"CloudWatchMetrics"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
