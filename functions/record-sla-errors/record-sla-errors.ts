import type { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { DependencyRefusedError, InvalidMessageError } from '#shared/errors.ts';
import type { SlaBreaches } from '#shared/sla/breaches.ts';
import { whyNoCreationDate } from '#shared/sla/why-no-creation-date.ts';
import type { Message } from '#shared/sqs/message.ts';
import type { Dependencies } from './dependencies.ts';
import { toSlaErrorsRecorded, type Counts } from './outcome-event.ts';
import { toSlaBreach } from './sla-breach.ts';

type SlaFile = SlaErrorSubmitted['files'][number];

/** One message on its way through the use case. */
export interface Turn {
  readonly message: Message<SlaErrorSubmitted>;
  /** Of the invocation, so that its messages share their writes. */
  readonly breaches: SlaBreaches;
  readonly dependencies: Dependencies;
}

/** What became of one file; `refused` follows its path: why it can never be recorded. */
type FileOutcome = 'recorded' | 'duplicate' | { readonly refused: string };

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
  if (counts.refused > 0) throw new InvalidMessageError(problemsOf(outcomes).join('; '));
  return counts.recorded > 0 ? 'recorded' : 'duplicate';
}

async function recordFile(file: SlaFile, turn: Turn): Promise<FileOutcome> {
  const breach = toSlaBreach(file, turn.message, turn.dependencies.timeZone);
  if (breach === undefined) {
    return { refused: `.creationDate: ${whyNoCreationDate(file.creationDate)}` };
  }
  try {
    return await turn.breaches.record(breach);
  } catch (thrown) {
    if (thrown instanceof DependencyRefusedError) return { refused: `: ${thrown.message}` };
    throw thrown;
  }
}

function countsOf(outcomes: readonly FileOutcome[]): Counts {
  const recorded = outcomes.filter((outcome) => outcome === 'recorded').length;
  const duplicates = outcomes.filter((outcome) => outcome === 'duplicate').length;
  return { recorded, duplicates, refused: outcomes.length - recorded - duplicates };
}

/** By the path in the event, as the errors of its schema name theirs. */
function problemsOf(outcomes: readonly FileOutcome[]): readonly string[] {
  return outcomes.flatMap((outcome, index) =>
    typeof outcome === 'string' ? [] : [`detail.files.${index}${outcome.refused}`],
  );
}
