import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, first: on a fresh clone vitest knows no times and goes by the size of files and by
 * project, so that in the end one core waits for one long file. Seen on 2 cores, 2026-11: 125 to 30 s.
 */
const LONGEST = [
  'e2e/deploy.test.ts',
  'e2e/exchange-cafe24-code.test.ts',
  'integration/claroshop/stops.test.ts',
  'integration/queue-worker.test.ts',
  'integration/faults/exchange-faults.test.ts',
  'e2e/claroshop-token.test.ts',
  'integration/claroshop/crowd.test.ts',
  'e2e/announce-cafe24-codes.test.ts',
  'integration/claroshop/flow.test.ts',
  'e2e/sla-errors.test.ts',
  'crash/claroshop/protocol.test.ts',
  'crash/cafe24/protocol.test.ts',
];

/** Within each group of projects the longest files begin first; the others as vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b));
  }
}

const groupOf = ({ project }: TestSpecification) => project.config.sequence.groupOrder;

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((file) => moduleId.endsWith(`/test/${file}`));
  return rank === -1 ? LONGEST.length : rank;
}
