import { z } from 'zod';
import { descriptive } from './fields.ts';
import { Instant } from './instant.ts';
import { DescriptiveText, StorableText } from './text.ts';

export const MAX_ID_LENGTH = 256;

/** Of an occurrence: a changed one would be another's, so it is kept to the letter or left out. */
export const OccurrenceId = StorableText.min(1).max(MAX_ID_LENGTH);

/** Leads through the logs. */
const TraceId = z.string().min(1).max(MAX_ID_LENGTH).pipe(DescriptiveText);

/** What every event may carry beside its own fields; tokenline's own events always carry it. */
export const Metadata = z.object({
  /** Equal for every publication of the same occurrence: consumers drop repetitions by it. */
  eventId: descriptive(OccurrenceId),
  occurredAt: descriptive(Instant),
  /** The same along a whole chain of events. */
  correlationId: descriptive(TraceId),
  /** The `eventId` (or message id) of what led to this event. */
  causationId: descriptive(TraceId),
});
export type Metadata = z.infer<typeof Metadata>;

/** As it stands in every event. */
export const MetadataField = descriptive(Metadata);
