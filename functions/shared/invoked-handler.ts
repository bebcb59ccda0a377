import type { Context } from 'aws-lambda';
import { OwnError } from './errors.ts';
import { errorField, type Log } from './log.ts';
import { toldError, toldMessage } from './told-error.ts';

/**
 * Makes the Lambda handler of a function that a schedule, a deploy or a person invokes.
 *
 * What such a handler throws Lambda's own runtime prints and answers, with its message, its stack and
 * whatever else hangs on it. So an error is logged as a log tells it, and thrown as one of ours that says
 * the same: its name, its code, its frames, and of its message our own words alone.
 *
 * @throws OwnError whatever `answer` throws, under its name; nothing of the error itself hangs on it.
 */
export function invokedHandler<Answer>(
  log: Log,
  answer: (event: unknown, context: Context) => Promise<Answer>,
): (event: unknown, context: Context) => Promise<Answer> {
  return async (event, context) => {
    try {
      return await answer(event, context);
    } catch (thrown) {
      const field = errorField(thrown);
      log.error('invocation-failed', field);
      throw retold(field.error);
    }
  };
}

function retold(error: Error): OwnError {
  const { name, code, stack } = toldError(error);
  const message = toldMessage(error);
  const frames = stack === undefined ? '' : `\n${stack}`;
  return Object.assign(
    new OwnError(message),
    { name, stack: `${name}: ${message}${frames}` },
    code !== undefined && { code },
  );
}
