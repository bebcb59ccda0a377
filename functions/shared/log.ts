import { Logger } from '@aws-lambda-powertools/logger';
import { OwnError } from './errors.ts';
import { toldError } from './told-error.ts';

/** Plain values only. Ids, counts and codes; never a body, a token or an authorization code. */
export type LogFields = Readonly<Record<string, string | number | boolean | Error | undefined>>;

/** Structured log of one function, or of one record of a batch. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose every line carries `fields` too. */
  child(fields: LogFields): Log;
}

/** Something caught, as a field of a line. */
export function errorField(caught: unknown): { readonly error: Error } {
  return { error: caught instanceof Error ? caught : new OwnError(`thrown: ${typeof caught}`) };
}

/** JSON lines as Powertools writes them; an error as {@link toldError} tells it. */
export function powertoolsLog(functionName: string): Log {
  return fromLogger(new Logger({ serviceName: functionName }));
}

function fromLogger(logger: Logger): Log {
  return {
    info: (message, fields = {}) => {
      logger.info(message, told(fields));
    },
    warn: (message, fields = {}) => {
      logger.warn(message, told(fields));
    },
    error: (message, fields = {}) => {
      logger.error(message, told(fields));
    },
    child: (fields) => fromLogger(logger.createChild({ persistentKeys: told(fields) })),
  };
}

/** The one place where an error becomes part of a line: no function can tell more of it. */
function told(fields: LogFields): Record<string, unknown> {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value instanceof Error ? toldError(value) : value]),
  );
}
