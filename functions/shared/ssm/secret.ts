import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../clock.ts';
import { ConfigurationError, DependencyUnavailableError } from '../errors.ts';
import { ssmMeaning } from './ssm-errors.ts';

/** A rotated secret is picked up within this time without anybody's doing. */
const MAX_AGE_MS = 300_000;

/** A secret that may be rotated while the process lives. */
export interface Secret {
  /**
   * @throws {@link DependencyUnavailableError} (retry) Parameter Store can not be reached.
   * @throws {@link ConfigurationError} (retry) it has no such parameter, or does not let us read it.
   */
  read(): Promise<string>;
  /** Somebody refused it: the next read fetches it afresh. */
  forget(): void;
}

export interface SecretSource {
  /** For messages: the variable's name. */
  readonly name: string;
  readonly value: string | undefined;
  /** Name of the SSM parameter that holds the secret; it wins over `value`. */
  readonly parameter: string | undefined;
}

/**
 * Reads a secret from `NAME` or, better, from the SSM parameter that `NAME_PARAMETER` names, of any type:
 * that of a StringList is its whole text.
 *
 * @throws {@link ConfigurationError} neither is set.
 */
export function secretFrom(
  source: SecretSource,
  dependencies: { readonly ssm: SSMClient; readonly clock: Clock },
): Secret {
  const { name, value, parameter } = source;
  if (parameter !== undefined) return cachedParameter(parameter, dependencies);
  if (value === undefined) throw new ConfigurationError(`Set ${name} or ${name}_PARAMETER.`);
  return fixedSecret(asMeant(value));
}

/** A secret that is what it is for as long as the process lives. */
export function fixedSecret(value: string): Secret {
  return { read: () => Promise.resolve(value), forget: () => undefined };
}

function cachedParameter(
  parameter: string,
  { ssm, clock }: { readonly ssm: SSMClient; readonly clock: Clock },
): Secret {
  let cached: { readonly value: Promise<string>; readonly readAtMs: number } | undefined;
  return {
    read() {
      const nowMs = clock().getTime();
      if (cached !== undefined && nowMs - cached.readAtMs < MAX_AGE_MS) return cached.value;
      const value = getParameter(ssm, parameter);
      cached = { value, readAtMs: nowMs };
      value.catch(() => (cached = undefined));
      return value;
    },
    forget() {
      cached = undefined;
    },
  };
}

async function getParameter(ssm: SSMClient, parameter: string): Promise<string> {
  const command = new GetParameterCommand({ Name: parameter, WithDecryption: true });
  const answer = await ssm.send(command).catch((cause: unknown) => {
    throw toReadError(parameter, cause);
  });
  const value = answer.Parameter?.Value;
  if (value === undefined) {
    throw new DependencyUnavailableError('secret-unavailable', `${parameter} has no value.`);
  }
  const secret = asMeant(value);
  if (secret !== '') return secret;
  throw new ConfigurationError(`${parameter} holds nothing but ends of lines.`);
}

/**
 * Without what a file or an editor puts around a secret that is pasted: a byte order mark before it, ends
 * of lines behind it. Blanks are its own: a password may begin or end with one.
 */
function asMeant(value: string): string {
  return value.replace(/^\u{FEFF}/u, '').replace(/[\r\n]+$/, '');
}

/** The alarm has to know those that do not pass. */
function toReadError(parameter: string, cause: unknown): Error {
  const what = `Can not read ${parameter}.`;
  const meaning = cause instanceof Error ? ssmMeaning(cause.name) : undefined;
  return cause instanceof Error && meaning !== undefined && meaning !== 'passing'
    ? new ConfigurationError(`${what} ${cause.name}.`, { cause })
    : new DependencyUnavailableError('secret-unavailable', what, { cause });
}
