import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import { fateOf } from '#shared/sqs/fates.ts';
import { cafe24Provider, type Provider } from '#test/support/cafe24-provider/provider.ts';
import { application } from '#test/support/cafe24-provider/unplugged.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';
import type { SeededRun } from '../flow.ts';
import { Ledger } from '../ledger.ts';
import { Queues } from '../queues.ts';
import type { Random } from '../random.ts';
import { SimulatedProcess } from '../simulated-process.ts';
import type { Span } from '../skies.ts';
import { World } from '../world.ts';
import type { Ablation } from './ablation.ts';
import { AnnouncedCodes } from './announced-codes.ts';
import type { OnAnswer } from './authorizing.ts';
import { CONSUMERS, LIFE_MS } from './consumers.ts';
import type { CrashDatabase } from './crash-database.ts';
import { cafe24Process, type Cafe24Process } from './pipeline.ts';
import { ShownStates } from './shown-states.ts';
import { weatherOf, type Weather } from './weather.ts';

export interface RunOptions extends SeededRun {
  readonly ablation: Ablation;
  readonly database: CrashDatabase;
}

/** Which function's process. */
type Role = 'exchange' | 'refresh' | 'warn' | 'recover' | 'authorize' | 'receive' | 'announce';

/** All that one run consists of. */
export class Cafe24World extends World {
  readonly weather: Weather;
  readonly ledger = new Ledger(['database', 'escrow']);
  readonly malls: readonly string[];
  readonly provider: Provider;
  readonly escrow = inMemoryEscrow<Cafe24Grant>();
  readonly queues: Queues<'exchange' | 'refresh'>;
  readonly ablation: Ablation;
  readonly database: CrashDatabase;
  /** Families that the provider revoked because a dead process's code arrived after its successor's. */
  readonly repostedFamilies = new Set<string>();
  readonly states = new ShownStates();
  readonly announced = new AnnouncedCodes();
  /** What browsers do. */
  readonly browsing: Random;
  /** When the provider is odd. */
  readonly odd: Random;
  /** When its answers are no use. */
  readonly losing: Random;

  constructor({ seed, zombies, ablation, database, coverage }: RunOptions, span: Span) {
    super({ seed, coverage, span, isBlocked: () => database.isBlocked() });
    this.browsing = this.random.fork(3);
    this.odd = this.random.fork(6);
    this.losing = this.random.fork(7);
    const weather = weatherOf(this.random.fork(1), span, { zombies, hungry: coverage.hungry });
    this.weather = ablation.weather?.(weather) ?? weather;
    this.malls = Array.from({ length: this.weather.malls }, (_, at) => `mall-${seed}-${at + 1}`);
    this.provider = cafe24Provider(application, () => this.scheduler.now);
    this.provider.configure('*', { ...this.weather.provider, ...this.weather.odd.wording });
    this.queues = new Queues(this, {
      consumers: CONSUMERS,
      newConsumer: (role, lifeMs) => {
        const process = this.newProcess(role, lifeMs);
        return { ...process, consume: (message) => process[role](message) };
      },
    });
    this.ablation = ablation;
    this.database = database;
  }

  newProcess(role: Role, lifeMs: number): Cafe24Process {
    const { lanes } = this.database;
    const lane = lanes.take();
    const leave = () => {
      lanes.leave(lane);
    };
    return cafe24Process(new SimulatedProcess(this, { role, lifeMs, leave }), lane);
  }

  /** A scheduled function runs. */
  async invoke(role: 'warn' | 'recover', lifeMs: number): Promise<void> {
    await this.#run(this.newProcess(role, lifeMs), (process) => process[role]());
  }

  /** `announce-cafe24-codes` is invoked, by its schedule or by a person. */
  async announce(request: object): Promise<void> {
    const process = this.newProcess('announce', LIFE_MS.announce);
    await this.#run(process, () => process.announce(request));
  }

  /** @param onAnswer told what the browser gets; `undefined` when there is no page. */
  async browse(
    role: 'authorize' | 'receive',
    request: HttpRequest,
    onAnswer: OnAnswer,
  ): Promise<void> {
    const process = this.newProcess(role, LIFE_MS[role]);
    process.simulated.onStop = () => {
      onAnswer(undefined);
    };
    await this.#run(process, async () => {
      const answer = await process[role](request).catch((error: unknown) => {
        onAnswer(undefined);
        throw error;
      });
      this.note(process.simulated, `= ${answer.status}`);
      const isLost = !this.isHealed && this.browsing.chance(this.weather.loseAnswer.bus);
      onAnswer(isLost ? undefined : answer);
    });
  }

  async #run(process: Cafe24Process, work: (process: Cafe24Process) => Promise<unknown>) {
    const { simulated } = process;
    await process.start(async () => {
      await work(process).catch((error: unknown) => {
        const { code, error: thrown } = fateOf(error);
        this.note(simulated, `! ${code}`);
        if (code === 'unknown-error') this.bugs.push(`${simulated.role}: ${thrown.message}`);
      });
    });
  }

  override published(event: OutcomeEvent): void {
    super.published(event);
    const { detailType, detail } = event;
    if (detailType === 'TokenExpiryWarning') this.queues.send('refresh', detail);
    if (detailType === 'AuthorizationCodeArrived') this.queues.send('exchange', detail);
  }
}
