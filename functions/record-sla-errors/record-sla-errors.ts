import { firstOf } from '#events/problems.ts';
import { DependencyRefusedError, InvalidMessageError } from '#shared/errors.ts';
import type { SlaBreaches } from '#shared/sla/breaches.ts';
import { whyNoCreationDate } from '#shared/sla/why-no-creation-date.ts';
import type { Message } from '#shared/sqs/message.ts';
import type { Dependencies } from './dependencies.ts';
import { toSlaErrorsRecorded, type Counts } from './outcome-event.ts';
import type { QueuedSlaErrors } from './queued-sla-errors.ts';
import { toSlaBreach } from './sla-breach.ts';

/** One message on its way through the use case. */
export interface Turn {
  readonly message: Message<QueuedSlaErrors>;
  /** Of the invocation, so that its messages share their writes. */
  readonly breaches: SlaBreaches;
  readonly dependencies: Dependencies;
}

/** What became of one file; each problem follows the file's path: why it can never be recorded. */
type FileOutcome = 'recorded' | 'duplicate' | { readonly problems: readonly string[] };

/**
 * Records every file of one message, each at most once, and tells how many were new.
 *
 * @returns `'recorded'`, or `'duplicate'` when every file was recorded before.
 * @throws {@link InvalidMessageError} (reject) names by their paths the files that can never be
 *   recorded; all the others are recorded, and stay so when the message is redriven.
 * @throws {@link DependencyUnavailableError} (retry) a file could not be recorded now.
 * @throws {@link ConfigurationError} (retry) there is no such table, or we may not write to it.
 * @throws {@link PublishFailedError} (retry) all is stored; the redelivered message publishes.
 * @remarks Safe to call twice: what is recorded counts as duplicate then, and the event's id is the
 *   same.
 */
export async function recordSlaErrors(turn: Turn): Promise<'recorded' | 'duplicate'> {
  const { message, dependencies } = turn;
  const recording = message.detail.files.map((file) => recordFile(file, turn));
  // The message is retried only when none of its files is still being written.
  await Promise.allSettled(recording);
  const outcomes = await Promise.all(recording);

  const counts = countsOf(outcomes);
  await dependencies.bus.publish(toSlaErrorsRecorded(counts, message, dependencies.clock()));
  if (counts.refused > 0) throw new InvalidMessageError(problemsOf(outcomes));
  return counts.recorded > 0 ? 'recorded' : 'duplicate';
}

async function recordFile(
  queued: QueuedSlaErrors['files'][number],
  turn: Turn,
): Promise<FileOutcome> {
  if ('problems' in queued) return queued;
  const { file } = queued;
  const breach = toSlaBreach(file, turn.message, turn.dependencies.timeZone);
  if (breach === undefined) {
    return { problems: [`.creationDate: ${whyNoCreationDate(file.creationDate)}`] };
  }
  try {
    return await turn.breaches.record(breach);
  } catch (thrown) {
    if (thrown instanceof DependencyRefusedError) return { problems: [`: ${thrown.message}`] };
    throw thrown;
  }
}

function countsOf(outcomes: readonly FileOutcome[]): Counts {
  const recorded = outcomes.filter((outcome) => outcome === 'recorded').length;
  const duplicates = outcomes.filter((outcome) => outcome === 'duplicate').length;
  return { recorded, duplicates, refused: outcomes.length - recorded - duplicates };
}

/** By the path in the event, as the errors of its schema name theirs. */
function problemsOf(outcomes: readonly FileOutcome[]): string {
  const all = outcomes.flatMap((outcome, index) =>
    typeof outcome === 'string'
      ? []
      : outcome.problems.map((problem) => `detail.files.${String(index)}${problem}`),
  );
  const { first, further } = firstOf(all);
  return [...first, ...(further > 0 ? [`and ${String(further)} more`] : [])].join('; ');
}
