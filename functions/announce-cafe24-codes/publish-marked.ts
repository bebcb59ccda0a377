import { codeToAnnouncement } from '#shared/cafe24/code-announcement.ts';
import type { Deadline } from '#shared/clock.ts';
import { problemOf } from '#shared/eventbridge/entry.ts';
import { MARK_SECONDS, type MarkedCode } from '#shared/grants/announcements.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Puts the announcements of codes that were just marked on the bus, then confirms the marks. A code that
 * no announcement can name (its id is none) is left out and told; its mark is confirmed with the others,
 * or each look would find it.
 *
 * @returns what is wrong with those that were left out.
 * @throws {@link PublishFailedError} the bus has not taken all of them before the marks end.
 * @throws {@link DependencyUnavailableError} they are on the bus, but not confirmed: they will be
 *   announced once more, under the same event ids.
 */
export async function publishMarked(
  codes: readonly MarkedCode[],
  deadline: Deadline,
  { announcements, bus, clock, log }: Dependencies,
): Promise<readonly string[]> {
  if (codes.length === 0) return [];
  const markEndsMs = clock().getTime() + MARK_SECONDS * 1_000;
  const whileMarked = {
    remainingMs: () => Math.min(deadline.remainingMs(), markEndsMs - clock().getTime()),
  };
  const events = codes.map((code) => codeToAnnouncement(code, code.eventId));
  const problems = events.map(problemOf);
  await bus.publishAll(
    events.filter((_, at) => problems[at] === undefined),
    whileMarked,
  );
  await announcements.confirm(codes.map(({ codeId }) => codeId));
  const leftOut = problems.filter((problem) => problem !== undefined);
  for (const problem of leftOut) log.error('code-left-out', { problem });
  return leftOut;
}
