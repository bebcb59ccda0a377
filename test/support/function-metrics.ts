import { toLogLine, type LogLine, type LogText } from '#infra/local/function-log.ts';

/** What a function wrote in one invocation. */
export interface InvocationLog {
  readonly lines: readonly LogLine[];
  /** The lines in CloudWatch's Embedded Metric Format. */
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
}

/** The invocations that are over, of a function's whole log: a sandbox works on one after the other. */
export function invocationsIn(texts: readonly LogText[]): readonly InvocationLog[] {
  return [...new Set(texts.map(({ stream }) => stream))].flatMap((sandbox) =>
    texts
      .flatMap(({ stream, text }) => (stream === sandbox ? [text] : []))
      .join('\n')
      .split(/^START RequestId: .*$/m)
      .slice(1)
      .filter((written) => /^END RequestId: /m.test(written))
      .map((written) => toInvocation(written.split('\n'))),
  );
}

const toInvocation = (texts: readonly string[]): InvocationLog => ({
  lines: texts.flatMap(toLogLine),
  metrics: texts
    .filter((text) => text.includes('"CloudWatchMetrics"'))
    .map((text) => JSON.parse(text) as Record<string, unknown>),
});
