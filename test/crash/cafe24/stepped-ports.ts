import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { PublishFailedError } from '#shared/errors.ts';
import type { Escrow, OutcomeEvent } from '#shared/grants/ports.ts';
import type { Line } from '../line.ts';
import type { Cafe24World } from './world.ts';

interface Publishing {
  readonly name: string;
  readonly events: readonly OutcomeEvent[];
  /** Told of each event that the bus has taken, also if the answer is lost. */
  readonly onTaken?: (event: OutcomeEvent) => void;
}

/** The bus, reached in one step of that name. */
export async function publish(
  line: Line<Cafe24World>,
  { name, events, onTaken = () => undefined }: Publishing,
): Promise<void> {
  const { world } = line.process;
  const arrives = world.ablation.bus ?? ((event: OutcomeEvent) => [event]);
  await line.call({
    ...{ name, place: 'bus' },
    failure: (cause: string) => new PublishFailedError(`Simulated: bus ${cause}.`),
    perform: () => {
      for (const event of events) onTaken(event);
      for (const event of events.flatMap(arrives)) world.published(event);
      return Promise.resolve();
    },
  });
}

/** @param onPut told of every grant that the escrow has taken, also if its answer is lost. */
export function steppedEscrow(
  line: Line<Cafe24World>,
  onPut: (grant: Cafe24Grant) => void,
): Escrow<Cafe24Grant> {
  const { escrow } = line.process.world;
  const place = 'escrow';
  return {
    put: (attempt, save) =>
      line.call({
        ...{ name: 'escrow-put', place },
        perform: async () => {
          await escrow.put(attempt, save);
          onPut(save.grant);
        },
      }),
    read: (id) => line.call({ name: 'escrow-read', place, perform: () => escrow.read(id) }),
    delete: (id) => line.call({ name: 'escrow-delete', place, perform: () => escrow.delete(id) }),
    list: (onUnreadable) =>
      line.call({ name: 'escrow-list', place, perform: () => escrow.list(onUnreadable) }),
  };
}
