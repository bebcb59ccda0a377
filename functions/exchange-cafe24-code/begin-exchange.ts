import { DependencyUnavailableError, RuleViolatedError } from '#shared/errors.ts';
import type { BeginExchange, ExchangeBegun } from '#shared/grants/exchange-ports.ts';
import { settleDeadAttempt } from '#shared/grants/settle-dead-attempt.ts';
import type { Turn } from './exchange-cafe24-code.ts';
import { toReauthorizationRequired } from '#shared/cafe24/outcome-events.ts';

/** The holder of a lease is done within seconds, and a code has only sixty of them. */
const HELD_RETRY_SECONDS = 2;

export type Begun = Extract<ExchangeBegun, { kind: 'begun' | 'finished' | 'over' }>;

/**
 * Begins the attempt to redeem the message's code, after a dead process's attempt is settled.
 *
 * @throws {@link DependencyUnavailableError} (retry) `code-not-found`, or `lease-held`.
 * @throws {@link RuleViolatedError} (reject) the code is another mall's.
 */
export async function beginExchange(codeId: string, turn: Turn): Promise<Begun> {
  const { codes, attempts, stores } = turn.dependencies;
  const request = toRequest(codeId, turn);
  let begun = await codes.begin(request);
  if (begun.kind === 'left-behind') {
    await settleDeadAttempt(begun.attempt, { attempts, ...stores });
    begun = await codes.begin(request);
  }
  switch (begun.kind) {
    case 'begun':
    case 'finished':
    case 'over':
      return begun;
    case 'held':
    case 'left-behind':
      throw new DependencyUnavailableError('lease-held', 'Another process works for the mall.', {
        retryAfterSeconds: HELD_RETRY_SECONDS,
      });
    case 'no-such-code':
      throw new DependencyUnavailableError(
        'code-not-found',
        'detail.codeId: no such code is stored',
      );
    case 'code-of-another-mall':
      throw new RuleViolatedError(
        'code-of-another-mall',
        'detail.codeId: expected a code of the mall that detail.mallId names',
      );
  }
}

function toRequest(codeId: string, { message, context, dependencies }: Turn): BeginExchange {
  const { mallId } = message.detail;
  const { newId, clock } = dependencies;
  const attemptId = newId();
  const origin = { attemptId, mallId, occurredAt: clock(), message };
  return {
    attemptId,
    mallId,
    codeId,
    leaseMs: context.deadline.remainingMs(),
    eventIfExpired: toReauthorizationRequired('code-expired', origin),
  };
}

/** The id of the message's code, which is stored first where it came in the event. */
export async function storedCodeId({ message, dependencies }: Turn): Promise<string> {
  const { detail, publishedAt: receivedAt } = message;
  if ('codeId' in detail) return detail.codeId;
  const { mallId, code } = detail;
  return await dependencies.codes.store({ mallId, code, receivedAt });
}
