import { expect, test } from 'vitest';
import { readSubmission } from '#functions/submit-sla-errors/submission.ts';
import type { Problem } from '#shared/http/errors.ts';
import { BROKEN_SUBMISSIONS } from '#test/support/broken-submissions.ts';

test.each(BROKEN_SUBMISSIONS)('%s is refused with every path', (_name, body, ...problems) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  expect(problemsOf(text)).toEqual(problems);
});

test('the bare objects of PowerShell are named as if they were arrays of one', () => {
  const files = { filename: 3, creationDate: '2024-06-15T19:25:25' };
  const body = { sla_error: { folder: 'C:\\in', sla: 60, files } };
  expect(problemsOf(JSON.stringify(body))).toEqual([
    { path: 'sla_error[0].files[0].filename', message: 'expected a file name: text' },
  ]);
});

function problemsOf(text: string): readonly Problem[] {
  return readSubmission(text, 'America/Bogota').problems;
}
