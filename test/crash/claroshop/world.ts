import { bundleName } from '#shared/claroshop/names.ts';
import type { Credentials } from '#shared/claroshop/credentials.ts';
import { CLAROSHOP_CLIENT_ID } from '#shared/claroshop/config.ts';
import { textToBundle, type Bundle } from '#shared/claroshop/bundle.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import { DEFAULT_ACCOUNT } from '#events/account.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { fateOf } from '#shared/sqs/fates.ts';
import type { Parameters } from '#shared/ssm/parameters.ts';
import { parameterLag } from '#test/support/claroshop/parameter-lag.ts';
import { inMemoryParameters } from '#test/support/claroshop/in-memory-parameters.ts';
import { claroshopProvider, type Provider } from '#test/support/claroshop-provider/provider.ts';
import type { SeededRun } from '../flow.ts';
import { Queues } from '../queues.ts';
import { SimulatedProcess } from '../simulated-process.ts';
import type { Span } from '../skies.ts';
import { World } from '../world.ts';
import { Chronicle } from './chronicle.ts';
import { ClaroshopLedger } from './claroshop-ledger.ts';
import { CONSUMERS, LIFE_MS } from './consumers.ts';
import { claroshopProcess, type Ablation, type ClaroshopProcess } from './pipeline.ts';
import type { CrashStores } from './stores.ts';
import { weatherOf, type Weather } from './weather.ts';

export interface RunOptions extends SeededRun {
  readonly ablation: Ablation;
  readonly stores: CrashStores;
}

interface InvocationAnswer {
  readonly statusCode: number;
  readonly at: Date;
  /** What was stored then. */
  readonly bundle: Bundle | undefined;
}

/** One direct invocation. */
export interface Invocation {
  readonly account: string;
  readonly invokedAt: Date;
  /** Who was asking ClaroShop then: what he gets is new enough. */
  readonly underWay: string | undefined;
  /** Undefined while there is none; a dead process's never comes. */
  answer: InvocationAnswer | undefined;
  /** How its process came to its end, if not with an answer: `deadline` when nobody killed it. */
  death: 'killed' | 'deadline' | undefined;
}

/** All that one run consists of. */
export class ClaroshopWorld extends World {
  readonly weather: Weather;
  readonly chronicle = new Chronicle();
  readonly ledger = new ClaroshopLedger(this.chronicle);
  readonly accounts: readonly string[];
  readonly provider: Provider;
  readonly parameters = inMemoryParameters();
  /** The same as processes see it, whose reads may be old. */
  readonly seenParameters: Parameters;
  readonly stores: CrashStores;
  readonly queues: Queues<'refresh'>;
  readonly ablation: Ablation;
  readonly invocations: Invocation[] = [];
  /** Accounts that were locked at ClaroShop at any time. */
  readonly locked = new Set<string>();
  readonly lockedByOthers = new Set<string>();
  /** All that anybody ever signed in with. */
  readonly passwords = new Set<string>();
  /** What our parameters hold, by account. */
  readonly #credentials = new Map<string, Credentials>();
  readonly #right = new Map<string, string>();

  constructor({ seed, zombies, ablation, stores, coverage }: RunOptions, span: Span) {
    super({ seed, coverage, span, isBlocked: () => Promise.resolve(false) });
    const weather = weatherOf(this.random.fork(1), span, { zombies, hungry: coverage.hungry });
    this.weather = ablation.weather?.(weather) ?? weather;
    const lag = parameterLag(this.weather.oldReads);
    this.seenParameters = lag(this.parameters, () => this.scheduler.now);
    this.accounts = [DEFAULT_ACCOUNT, 'second', 'third'].slice(0, this.weather.accounts);
    for (const account of this.accounts) {
      const password = `first-password-of-${account}`;
      this.setPassword(account, password);
      this.#right.set(account, password);
    }
    const realm = { clientId: CLAROSHOP_CLIENT_ID, accounts: [...this.#credentials.values()] };
    this.provider = claroshopProvider(realm, () => this.scheduler.now);
    this.provider.configure('*', this.weather.provider);
    this.queues = new Queues(this, {
      consumers: CONSUMERS,
      newConsumer: (role, lifeMs) => {
        const process = this.newProcess(role, lifeMs);
        return { ...process, consume: (message) => process.refresh(message) };
      },
    });
    this.ablation = ablation;
    this.stores = stores;
  }

  credentialsOf(account: string): Credentials {
    return this.#credentials.get(account)!;
  }

  /** An operator of ours changes the parameter. */
  setPassword(account: string, password: string): void {
    this.#credentials.set(account, { username: usernameOf(account), password });
    this.passwords.add(password);
  }

  /** The one that ClaroShop takes. */
  rightPasswordOf(account: string): string {
    return this.#right.get(account)!;
  }

  /** At ClaroShop, where it ends the sessions too. */
  changePassword(account: string, password: string): void {
    const username = usernameOf(account);
    this.#right.set(account, password);
    this.provider.putAccount(username, { password });
    this.provider.signOut(username);
  }

  /** Somebody else guesses passwords until ClaroShop refuses the right one as well. */
  lockByOthers(account: string): void {
    const username = usernameOf(account);
    this.lockedByOthers.add(account);
    while (this.provider.memory(username).lockedUntil === null) {
      const form = { client_id: CLAROSHOP_CLIENT_ID, grant_type: 'password', username };
      this.provider.receiveTokenRequest(rightRequest({ ...form, password: 'guessed' })).answer();
    }
  }

  newProcess(role: 'refresh' | 'obtain' | 'warn', lifeMs: number): ClaroshopProcess {
    return claroshopProcess(new SimulatedProcess(this, { role, lifeMs }));
  }

  /** The scheduled function runs. */
  async sweep(): Promise<void> {
    const process = this.newProcess('warn', LIFE_MS.warn);
    await process.start(async () => {
      await process.warn().catch((error: unknown) => {
        const { code, error: thrown } = fateOf(error);
        this.note(process.simulated, `! ${code}`);
        if (code === 'unknown-error') this.bugs.push(`warn: ${thrown.message}`);
      });
    });
  }

  /** Somebody invokes the direct form, and waits for its answer. */
  async invoke(account: string): Promise<void> {
    const { scheduler, random } = this;
    const process = this.newProcess('obtain', LIFE_MS.obtain);
    const { simulated } = process;
    const invokedAt = scheduler.now;
    const { open } = await this.attemptsOf(account).standing();
    const underWay = open?.lives === true ? open.attempt.attemptId : undefined;
    const unanswered = { answer: undefined, death: undefined };
    const invocation: Invocation = { account, invokedAt, underWay, ...unanswered };
    this.invocations.push(invocation);
    simulated.onStop = () => {
      const isLate = simulated.remainingMs() === 0 && !simulated.isZombie;
      invocation.death = isLate ? 'deadline' : 'killed';
    };
    const requestId = random.fork(2_000 + simulated.id).uuid();
    await process.start(async () => {
      try {
        const { statusCode } = await process.obtain(account, requestId);
        this.note(simulated, `= ${statusCode}`);
        invocation.answer = { statusCode, bundle: this.bundleOf(account), at: scheduler.now };
      } catch {
        // It never throws: then there is no answer.
        this.note(simulated, '!');
      }
    });
  }

  /** What is stored now. */
  bundleOf(account: string): Bundle | undefined {
    const found = this.parameters.held.get(bundleName(account));
    return found && textToBundle(found.value);
  }

  versionOf(account: string): number {
    return this.parameters.held.get(bundleName(account))?.version ?? 0;
  }

  attemptsOf(account: string) {
    const { attemptsOf } = this.stores.directly(() => this.scheduler.now);
    return attemptsOf(accountToSubject(account));
  }

  /** @returns the access tokens that ClaroShop has issued to the account since the last time. */
  discover(account: string): readonly string[] {
    const { sessions } = this.provider.memory(usernameOf(account));
    const all = sessions.flatMap(({ tokens }) => tokens);
    const issued = this.ledger.discover(all.map(({ accessToken }) => accessToken));
    this.chronicle.issued(account, issued);
    return issued;
  }

  override published(event: OutcomeEvent): void {
    super.published(event);
    if (event.detailType === 'TokenExpiryWarning') this.queues.send('refresh', event.detail);
  }
}

/** As ClaroShop knows the account. */
export function usernameOf(account: string): string {
  return `seller-${account}`;
}

export function rightRequest(form: Readonly<Record<string, string>>) {
  return {
    method: 'POST',
    contentType: 'application/x-www-form-urlencoded',
    authorization: undefined,
    body: new URLSearchParams(form).toString(),
  };
}

/** Name and password in one text, for comparisons. */
export function credentialsKey({ username, password }: Credentials): string {
  return JSON.stringify([username, password]);
}
