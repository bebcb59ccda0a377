const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Cafe24's documents (read 2026-11); each refresh starts the refresh token's anew. */
const ACCESS_LIFE_MS = 120 * MINUTE_MS;
const REFRESH_LIFE_MS = 14 * DAY_MS;

const MAX_DISAGREEMENT_MS = 5 * MINUTE_MS;

/** What an answer says of times; undefined what it leaves out, or what can't be read. */
export interface StatedTimes {
  readonly issuedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly refreshTokenExpiresAt: Date | undefined;
}

export interface Lives {
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly refreshTokenExpiresAt: Date;
  /** The answer's times contradict our clock by more than 5 minutes. */
  readonly clocksDisagree: boolean;
}

/**
 * How long a grant lives that was asked for at `requestedAt` by our clock.
 *
 * Where the answer contradicts our clock the earlier expiry holds. A grant that was issued just now is
 * not over, and its access token does not outlive what renews it: an expiry that is absent, unreadable,
 * past or farther than that is the usual life from the request.
 */
export function toLives(stated: StatedTimes, requestedAt: Date): Lives {
  const fromMs = requestedAt.getTime();
  const { issuedAt = requestedAt, expiresAt = new Date(fromMs + ACCESS_LIFE_MS) } = stated;
  const byOurClockMs = fromMs + expiresAt.getTime() - issuedAt.getTime();
  const disagreementMs = Math.abs(byOurClockMs - expiresAt.getTime());
  const clocksDisagree = stated.expiresAt !== undefined && disagreementMs > MAX_DISAGREEMENT_MS;
  const candidates = clocksDisagree ? [expiresAt.getTime(), byOurClockMs] : [expiresAt.getTime()];
  const renewal = stated.refreshTokenExpiresAt?.getTime() ?? NaN;
  return {
    issuedAt: Math.abs(issuedAt.getTime() - fromMs) <= DAY_MS ? issuedAt : requestedAt,
    expiresAt: new Date(
      earliest(candidates, { fromMs, lifeMs: ACCESS_LIFE_MS, mostMs: REFRESH_LIFE_MS }),
    ),
    refreshTokenExpiresAt: new Date(
      earliest([renewal], { fromMs, lifeMs: REFRESH_LIFE_MS, mostMs: 366 * DAY_MS }),
    ),
    clocksDisagree,
  };
}

/** The earliest that can be believed, else the usual life. */
function earliest(
  candidatesMs: readonly number[],
  { fromMs, lifeMs, mostMs }: { readonly fromMs: number; lifeMs: number; mostMs: number },
): number {
  const believed = candidatesMs.filter((ms) => ms > fromMs && ms <= fromMs + mostMs);
  return believed.length > 0 ? Math.min(...believed) : fromMs + lifeMs;
}
