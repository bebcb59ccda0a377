import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Deadline } from '#shared/clock.ts';
import type {
  Attempts,
  CodeGrantType,
  Escrow,
  OutcomeEvent,
  Tokens,
} from '#shared/grants/ports.ts';
import type { Database } from '#shared/postgres/database.ts';
import type { SimulatedProcess } from '../simulated-process.ts';
import type { Weather } from './weather.ts';
import type { Cafe24World } from './world.ts';

/** A rule of the protocol that is taken out, to see that the suite notices. */
export interface Ablation {
  /** Changes what the functions ask of the database. */
  readonly database?: (database: Database) => Database;
  /** Words that no statement has had, so that they could not be replaced. */
  readonly unfound?: () => readonly string[];
  readonly escrow?: (escrow: Escrow<Cafe24Grant>, process: SimulatedProcess) => Escrow<Cafe24Grant>;
  readonly attempts?: <It extends Attempts>(attempts: It, stores: AblationStores) => It;
  /** What the functions are told of the time that is left. */
  readonly deadline?: (deadline: Deadline, process: SimulatedProcess) => Deadline;
  /** What arrives on the bus of what a function publishes. */
  readonly bus?: (event: OutcomeEvent) => readonly OutcomeEvent[];
  /** Run once on the database of the ablation. */
  readonly sql?: string;
  readonly weather?: (weather: Weather) => Weather;
  /** Something that happens in the world, besides; told after all else is scheduled. */
  readonly plant?: (world: Cafe24World, healMs: number) => void;
}

export interface AblationStores {
  readonly escrow: Escrow<Cafe24Grant>;
  readonly tokens: Readonly<Record<CodeGrantType, Tokens<Cafe24Grant>>>;
}
