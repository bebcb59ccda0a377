import { Logger } from '@aws-lambda-powertools/logger';

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
  return { error: caught instanceof Error ? caught : new Error(`thrown: ${typeof caught}`) };
}

/** JSON lines as Powertools writes them; errors under `error` with name, message, stack and cause. */
export function powertoolsLog(functionName: string): Log {
  return fromLogger(new Logger({ serviceName: functionName }));
}

function fromLogger(logger: Logger): Log {
  return {
    info: (message, fields = {}) => {
      logger.info(message, fields);
    },
    warn: (message, fields = {}) => {
      logger.warn(message, fields);
    },
    error: (message, fields = {}) => {
      logger.error(message, fields);
    },
    child: (fields) => fromLogger(logger.createChild({ persistentKeys: fields })),
  };
}
