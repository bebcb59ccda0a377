import type { Deadline } from '#shared/clock.ts';
import type { SlaBreach } from '#shared/sla/breaches.ts';

let count = 0;

/** A breach of a file that no other has, unless `fields` say so. */
export function someBreach(fields: Partial<SlaBreach> = {}): SlaBreach {
  count += 1;
  const number = String(count);
  return {
    errorId: `${number.padStart(8, '0')}${'e'.repeat(56)}`,
    folder: 'C:\\transit\\in',
    filename: `file-${number}.csv`,
    sla: 60,
    creationDate: '2024-06-15T19:25:25',
    affectedDate: '2024-06-15T20:25:25.000Z',
    affectedDay: '2024-06-15',
    reportedAt: '2024-06-15T21:00:00.000Z',
    submissionId: undefined,
    submittedBy: undefined,
    ...fields,
  };
}

export const plentyOfTime: Deadline = { remainingMs: () => 60_000 };
