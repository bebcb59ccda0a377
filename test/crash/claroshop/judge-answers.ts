import type { Violation } from '../flow.ts';
import { say } from './violations.ts';
import type { ClaroshopWorld, Invocation } from './world.ts';

/** Every direct invocation that nobody kills is answered, and never with a token that is no use. */
export function judgeAnswers({ invocations }: ClaroshopWorld): Violation[] {
  return invocations.flatMap((invocation) => judgeAnswer(invocation));
}

function judgeAnswer({ account, invokedAt, underWay, answer, death }: Invocation): Violation[] {
  if (answer === undefined) {
    return death === 'killed'
      ? []
      : [say('no-answer', `${account}: ${death ?? 'ended without one'}`)];
  }
  const { statusCode, bundle, at } = answer;
  if (statusCode !== 200) return [];
  if (bundle === undefined) return [say('dead-answer', `${account}: nothing is stored`)];
  if (Date.parse(bundle.expires_at) <= at.getTime())
    return [say('dead-answer', `${account}: expired`)];
  const isOld =
    Date.parse(bundle.obtained_at) < invokedAt.getTime() && bundle.attempt_id !== underWay;
  return isOld ? [say('dead-answer', `${account}: older than its invocation`)] : [];
}
