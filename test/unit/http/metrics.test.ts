import { expect, test, vi } from 'vitest';
import { powertoolsMetrics } from '#shared/metrics.ts';

test('a count is one line of CloudWatch Embedded Metric Format with exactly its dimensions', () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  try {
    const metrics = powertoolsMetrics('submit-sla-errors');
    metrics.count('Requests', { route: 'POST /file_sla_error' });
    metrics.count('Responses', { route: 'POST /file_sla_error', status: '200' });
  } finally {
    write.mockRestore();
  }
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    {
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'tokenline',
            Dimensions: [['service', 'route']],
            Metrics: [{ Name: 'Requests', Unit: 'Count' }],
          },
        ],
      },
      service: 'submit-sla-errors',
      route: 'POST /file_sla_error',
      Requests: 1,
    },
    {
      _aws: { CloudWatchMetrics: [{ Dimensions: [['service', 'route', 'status']] }] },
      status: '200',
      Responses: 1,
    },
  ]);
});
