import { z } from 'zod';

const Id = z.string().min(1).max(256);

/** What every event may carry beside its own fields; tokenline's own events always carry it. */
export const Metadata = z.object({
  /** Equal for every publication of the same occurrence: consumers drop repetitions by it. */
  eventId: Id.optional(),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  /** The same along a whole chain of events. */
  correlationId: Id.optional(),
  /** The `eventId` (or message id) of what led to this event. */
  causationId: Id.optional(),
});
export type Metadata = z.infer<typeof Metadata>;
