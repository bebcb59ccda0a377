import { randomUUID } from 'node:crypto';
import type { ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import { eventToEntry } from '#shared/eventbridge/entry.ts';
import { obtainClaroshopToken } from '#functions/obtain-claroshop-token/obtain-claroshop-token.ts';
import { unrefTimer } from '#functions/obtain-claroshop-token/at-the-end.ts';
import { refreshClaroshopToken } from '#functions/refresh-claroshop-token/refresh-claroshop-token.ts';
import { warnClaroshopExpiry } from '#functions/warn-claroshop-expiry/warn-claroshop-expiry.ts';
import { textToBundle, type Bundle } from '#shared/claroshop/bundle.ts';
import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { bundleName, bundleToNames, projectedNames } from '#shared/claroshop/names.ts';
import type { GrantDependencies } from '#shared/claroshop/obtain-grant.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { Deadline } from '#shared/clock.ts';
import { PublishFailedError } from '#shared/errors.ts';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import type { Escrow, OutcomeEvent } from '#shared/grants/ports.ts';
import { ssmClaroshopTokens } from '#shared/ssm/claroshop-tokens.ts';
import type { Parameters } from '#shared/ssm/parameters.ts';
import { fixedClock } from '../fixed-clock.ts';
import { recordingLog } from '../recording-log.ts';
import { recordingMetrics } from '../recording-metrics.ts';
import { InMemoryRealm } from './in-memory-realm.ts';
import { quickFingerprint } from './quick-fingerprint.ts';
import { Steps } from './steps.ts';

export interface ClaroshopStores {
  readonly parameters: Parameters;
  /** The same, as they are: no read is old. */
  readonly truth: Parameters;
  readonly attemptsOf: (subject: string) => LeasedAttempts;
  readonly escrow: Escrow<ClaroshopGrant>;
}

/** The stores as one process reaches them; what they hold is the same for all processes. */
export type StoresOf = (steps: Steps, clock: () => Date) => ClaroshopStores;

/** How long a refresh may live, as its settings have it. */
const LIFE_MS = 30_000;

/** One account, its ClaroShop, and processes that work for it. */
export class ClaroshopWorld {
  readonly account: string;
  readonly clock = fixedClock();
  readonly realm = new InMemoryRealm(this.clock.now);
  readonly published: OutcomeEvent[] = [];
  readonly log = recordingLog();
  readonly metrics = recordingMetrics();
  /** What the parameters of the account's credentials hold. */
  credentials = { username: 'seller', password: 'right' };
  busIsAway = false;
  readonly #storesOf: StoresOf;

  constructor(storesOf: StoresOf, account = `t${randomUUID().slice(0, 8)}`) {
    this.#storesOf = storesOf;
    this.account = account;
  }

  get stores(): ClaroshopStores {
    return this.#storesOf(new Steps(), this.clock.now);
  }

  get attempts(): LeasedAttempts {
    return this.stores.attemptsOf(accountToSubject(this.account));
  }

  /** A process of the functions; what it calls is counted, and may stop it. */
  process(steps = new Steps()) {
    const { parameters, attemptsOf, escrow } = this.#storesOf(steps, this.clock.now);
    const { account: mine, clock, log, metrics } = this;
    const pause = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
    };
    const means = { parameters, attemptsOf, log, commitMs: 10_000, pause, random: Math.random };
    const grants: GrantDependencies = {
      fingerprintOf: quickFingerprint,
      attemptsOf,
      tokens: ssmClaroshopTokens(means),
      escrow,
      provider: steps.through('claroshop', this.realm.provider()),
      credentialsOf: () => ({
        read: () => steps.call('credentials', () => Promise.resolve(this.credentials)),
      }),
      bus: { publish: (event) => steps.call('bus', () => this.#publish(event)) },
      clock: clock.now,
      newId: randomUUID,
      pause,
      marginMs: 150_000,
    };
    const deadline: Deadline = { remainingMs: () => (steps.isDead ? 0 : LIFE_MS) };
    const dependencies = { accounts: [mine], grants };
    return {
      grants,
      deadline,
      refresh: (warning: Partial<ClaroshopExpiryWarning> = {}) => {
        const reason = 'expiring' as const;
        const detail = { provider: 'claroshop' as const, account: mine, reason, ...warning };
        const ids = { messageId: randomUUID(), correlationId: 'chain', causationId: 'warning' };
        const message = { ...ids, detail, publishedAt: clock.now(), receiveCount: 1 };
        return refreshClaroshopToken({ message, context: { log, deadline }, dependencies });
      },
      obtain: (input: unknown = { account: mine }) =>
        obtainClaroshopToken(
          input,
          { requestId: randomUUID(), deadline, log },
          { ...dependencies, timer: unrefTimer },
        ),
      sweep: () => warnClaroshopExpiry(deadline, { ...grants, accounts: [mine], metrics, log }),
    };
  }

  async bundle(): Promise<{ readonly version: number; readonly bundle: Bundle | undefined }> {
    const name = bundleName(this.account);
    const found = (await this.stores.truth.read([name])).get(name);
    return { version: found?.version ?? 0, bundle: found && textToBundle(found.value) };
  }

  /** Names that do not say what the bundle says. */
  async staleNames(): Promise<readonly string[]> {
    const { bundle } = await this.bundle();
    if (bundle === undefined) return [];
    const found = await this.stores.truth.read(projectedNames(this.account));
    return bundleToNames(bundle, this.account)
      .filter(({ name, value }) => found.get(name)?.value !== value)
      .map(({ name }) => name);
  }

  /** Warnings that are published and not consumed yet. */
  takeWarnings(): readonly ClaroshopExpiryWarning[] {
    const isWarning = ({ detailType }: OutcomeEvent) => detailType === 'TokenExpiryWarning';
    const warnings = this.published.filter(isWarning);
    const others = this.published.filter((it) => !isWarning(it));
    this.published.splice(0, this.published.length, ...others);
    return warnings.map(({ detail }) => detail as unknown as ClaroshopExpiryWarning);
  }

  /** The types of the outcomes that were told, each once. */
  outcomes(): readonly string[] {
    const byId = new Map(this.published.map((event) => [eventIdOf(event), event]));
    return [...byId.values()].map(({ detailType }) => detailType);
  }

  /** Minutes go by: each has a sweep, and its warnings are consumed. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      this.clock.advanceSeconds(60);
      await this.process().sweep();
      for (const warning of this.takeWarnings()) await this.process().refresh(warning);
    }
  }

  #publish(event: OutcomeEvent): Promise<void> {
    if (this.busIsAway) return Promise.reject(new PublishFailedError('away'));
    eventToEntry(event, 'bus');
    this.published.push(event);
    return Promise.resolve();
  }
}

export function eventIdOf({ detail }: OutcomeEvent): string {
  return (detail['metadata'] as { eventId: string }).eventId;
}
