import type { ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import type { Answer } from '#functions/obtain-claroshop-token/answers.ts';
import { obtainClaroshopToken } from '#functions/obtain-claroshop-token/obtain-claroshop-token.ts';
import { refreshClaroshopToken } from '#functions/refresh-claroshop-token/refresh-claroshop-token.ts';
import { warnClaroshopExpiry } from '#functions/warn-claroshop-expiry/warn-claroshop-expiry.ts';
import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import type { Deadline } from '#shared/clock.ts';
import type { GrantDependencies } from '#shared/claroshop/obtain-grant.ts';
import type { ClaroshopTokens } from '#shared/claroshop/tokens.ts';
import { PublishFailedError } from '#shared/errors.ts';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import type { Escrow, OutcomeEvent } from '#shared/grants/ports.ts';
import type { Message } from '#shared/sqs/message.ts';
import { ssmClaroshopTokens } from '#shared/ssm/claroshop-tokens.ts';
import type { Parameters } from '#shared/ssm/parameters.ts';
import { quickFingerprint } from '#test/support/claroshop/quick-fingerprint.ts';
import { Line } from '../line.ts';
import type { SimulatedProcess } from '../simulated-process.ts';
import { simulatedClaroshop } from './simulated-claroshop.ts';
import { steppedParameters } from './stepped-parameters.ts';
import { GrantWatch } from './grant-watch.ts';
import type { Weather } from './weather.ts';
import type { ClaroshopWorld } from './world.ts';

/** A rule of the protocol that is taken out, to see that the suite notices. */
export interface Ablation {
  readonly parameters?: (parameters: Parameters) => Parameters;
  readonly attempts?: (attempts: LeasedAttempts) => LeasedAttempts;
  readonly escrow?: (
    escrow: Escrow<ClaroshopGrant>,
    process: SimulatedProcess,
  ) => Escrow<ClaroshopGrant>;
  /** What the functions are told of the time that is left. */
  readonly deadline?: (deadline: Deadline, process: SimulatedProcess) => Deadline;
  readonly tokens?: (tokens: ClaroshopTokens) => ClaroshopTokens;
  /** What arrives on the bus of what a function publishes. */
  readonly bus?: (event: OutcomeEvent) => readonly OutcomeEvent[];
  /** What a direct invocation answers; it may throw. */
  readonly answer?: (answer: Answer) => Answer;
  readonly weather?: (weather: Weather) => Weather;
  /** Something that happens in the world, besides; told after all else is scheduled. */
  readonly plant?: (world: ClaroshopWorld, healMs: number) => void;
}

/** No commit is cut off by real time: the weather alone decides what fails. */
const COMMIT_MS = 60_000;

/** The ClaroShop functions in one process, each of whose calls is a step. */
export interface ClaroshopProcess {
  readonly simulated: SimulatedProcess<ClaroshopWorld>;
  start(work: () => Promise<unknown>): Promise<void>;
  refresh(message: Message<ClaroshopExpiryWarning>): Promise<string>;
  obtain(account: string, requestId: string): Promise<Answer>;
  warn(): Promise<unknown>;
}

export function claroshopProcess(simulated: SimulatedProcess<ClaroshopWorld>): ClaroshopProcess {
  const { world } = simulated;
  const { log, accounts, ablation } = world;
  const line = new Line(simulated);
  const grants = dependenciesOf(line);
  const own: Deadline = { remainingMs: () => simulated.remainingMs() };
  const deadline = ablation.deadline?.(own, simulated) ?? own;
  const dependencies = { accounts, grants };
  const metrics = { gauge: () => undefined };
  return {
    simulated,
    start: (work) => line.start(work),
    refresh: (message) =>
      refreshClaroshopToken({ message, context: { log, deadline }, dependencies }),
    obtain: async (account, requestId) => {
      const invocation = { requestId, deadline, log };
      const answer = await obtainClaroshopToken({ account }, invocation, {
        ...dependencies,
        timer: (ms, act) => line.timer(ms, act),
      });
      return ablation.answer?.(answer) ?? answer;
    },
    warn: () => warnClaroshopExpiry(deadline, { ...grants, accounts, metrics, log }),
  };
}

function dependenciesOf(line: Line<ClaroshopWorld>): GrantDependencies {
  const { world, random } = line.process;
  const { ablation, log } = world;
  const clock = () => world.scheduler.now;
  const watch = new GrantWatch(line);
  const reached = world.stores.through(line, clock, watch);
  const escrow = ablation.escrow?.(reached.escrow, line.process) ?? reached.escrow;
  const attemptsOf = (subject: string) => {
    const attempts = reached.attemptsOf(subject);
    return ablation.attempts?.(attempts) ?? attempts;
  };
  const bare = steppedParameters(line, watch);
  const parameters = ablation.parameters?.(bare) ?? bare;
  const pause = (ms: number) => line.turn(ms);
  const means = { parameters, attemptsOf, log, commitMs: COMMIT_MS, pause };
  const tokens = ssmClaroshopTokens({ ...means, random: () => random.next() });
  return {
    ...{ attemptsOf, escrow, clock, pause },
    tokens: ablation.tokens?.(tokens) ?? tokens,
    provider: simulatedClaroshop(line, watch),
    fingerprintOf: quickFingerprint,
    credentialsOf: (account) => ({ read: () => line.call(reading(account, world)) }),
    bus: { publish: (event) => line.call(publishing(line, event)) },
    newId: () => random.uuid(),
    marginMs: world.weather.lifetimes.marginSeconds * 1_000,
  };
}

function reading(account: string, world: ClaroshopWorld) {
  return {
    ...{ name: 'read-credentials', place: 'credentials' as const },
    perform: () => Promise.resolve({ ...world.credentialsOf(account) }),
  };
}

function publishing({ process: { world } }: Line<ClaroshopWorld>, event: OutcomeEvent) {
  const arrives = world.ablation.bus ?? ((it: OutcomeEvent) => [it]);
  return {
    name: event.detailType === 'TokenExpiryWarning' ? 'publish-warning' : 'publish',
    place: 'bus' as const,
    failure: (cause: string) => new PublishFailedError(`Simulated: bus ${cause}.`),
    perform: () => {
      for (const it of arrives(event)) world.published(it);
      return Promise.resolve();
    },
  };
}
