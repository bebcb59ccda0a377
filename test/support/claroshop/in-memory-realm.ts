import { randomUUID } from 'node:crypto';
import type { ClaroshopGrant, ClaroshopTicket } from '#shared/claroshop/grant.ts';
import type { Clock } from '#shared/clock.ts';
import type { Provider, Redeemed } from '#shared/grants/ports.ts';
import { someClaroshopGrant } from './some-grant.ts';

export type RealmAnswer = (ticket: ClaroshopTicket) => Promise<Redeemed<ClaroshopGrant>>;

/** ClaroShop in memory: one account, strict rotation, and a count of what it was asked. */
export class InMemoryRealm {
  readonly posts: ClaroshopTicket[] = [];
  password = 'right';
  /** The one that the last grant brought; all others are dead. */
  livingRefreshToken: string | undefined;
  /** Instead of what a healthy realm answers. */
  answer: RealmAnswer | undefined;
  grantChanges: Partial<ClaroshopGrant> = {};
  delay: () => Promise<unknown> = () => Promise.resolve();
  maxInFlight = 0;
  #inFlight = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  provider(): Provider<ClaroshopTicket, ClaroshopGrant> {
    return {
      redeem: async (ticket) => {
        this.posts.push(ticket);
        this.#inFlight += 1;
        this.maxInFlight = Math.max(this.maxInFlight, this.#inFlight);
        await this.delay();
        const redeemed = await (this.answer?.(ticket) ?? Promise.resolve(this.judge(ticket)));
        this.#inFlight -= 1;
        return redeemed;
      },
    };
  }

  judge(ticket: ClaroshopTicket): Redeemed<ClaroshopGrant> {
    if (ticket.grantType === 'password' && ticket.password !== this.password) {
      return { kind: 'refused', reason: 'invalid-credentials' };
    }
    if (ticket.grantType === 'refresh_token' && ticket.refreshToken !== this.livingRefreshToken) {
      return { kind: 'refused', reason: 'token-spent' };
    }
    const obtainedAt = this.#clock();
    const grant = someClaroshopGrant({ obtainedAt, ...this.grantChanges });
    this.livingRefreshToken = grant.refreshToken;
    return { kind: 'granted', grant };
  }

  ended(grantType: ClaroshopTicket['grantType']): number {
    return this.posts.filter((it) => it.grantType === grantType).length;
  }

  /** A token that nobody was told of. */
  static unknownToken(): string {
    return randomUUID();
  }
}
