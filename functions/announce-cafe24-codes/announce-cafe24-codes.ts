import { z } from 'zod';
import { optional } from '#events/fields.ts';
import { MallId } from '#events/mall-id.ts';
import type { Deadline } from '#shared/clock.ts';
import { ConfigurationError, InvalidMessageError, RuleViolatedError } from '#shared/errors.ts';
import { announceNewest, type NewestAnswer } from './announce-newest.ts';
import type { Dependencies } from './dependencies.ts';
import { watchCodes, type Watched } from './watch-codes.ts';

export type Answer = NewestAnswer | Watched;

/** Without a payload, a function of Lambda's is invoked with null or with `{}`. */
const Request = z.union([
  z.null().transform(() => ({ mallId: undefined })),
  z.strictObject({ mallId: optional(MallId) }),
  z.strictObject({ watch: z.literal(true), mallId: optional(MallId) }),
]);

/**
 * Announces stored codes as AuthorizationCodeArrived: those that another system inserted, which
 * tells nobody of them.
 *
 * @param request `{}`: the newest code of `CAFE24_MALL_ID`; `{"mallId": "…"}`: of another mall that
 *   is served; `{"watch": true}`: all that come within a minute, with `mallId` those of one mall.
 * @throws {@link InvalidMessageError} the request is none of these.
 * @throws {@link ConfigurationError} `{}`, and no `CAFE24_MALL_ID` is set.
 * @throws {@link RuleViolatedError} the mall is not among `CAFE24_MALLS`.
 * @throws {@link DependencyUnavailableError}, {@link PublishFailedError} the database or the bus is
 *   away: safe to invoke again, what was marked can be announced after 15 s.
 */
export async function announceCafe24Codes(
  request: unknown,
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<Answer> {
  const parsed = Request.safeParse(request);
  if (!parsed.success) {
    throw new InvalidMessageError(
      'expected {}, {"mallId": "…"} or {"watch": true}: ' +
        'for the newest code of CAFE24_MALL_ID, send {} (the test event of the console has other fields)',
    );
  }
  const { malls } = dependencies;
  if (!('watch' in parsed.data)) {
    const named = servedMall(parsed.data.mallId ?? dependencies.mallId, malls);
    return await announceNewest(named, deadline, dependencies);
  }
  const { mallId: only } = parsed.data;
  const watched = only === undefined ? malls : [servedMall(only, malls)];
  return await watchCodes(watched, deadline, dependencies);
}

function servedMall(mallId: string | undefined, malls: readonly string[]): string {
  if (mallId === undefined) {
    throw new ConfigurationError('CAFE24_MALL_ID is not set: set it, or name a mall in mallId.');
  }
  if (malls.includes(mallId)) return mallId;
  throw new RuleViolatedError(
    'unknown-mall',
    'mallId: expected one of the malls that CAFE24_MALLS names',
  );
}
