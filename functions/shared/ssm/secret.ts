import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../clock.ts';
import { ConfigurationError, DependencyUnavailableError } from '../errors.ts';

/** A rotated secret is picked up within this time without anybody's doing. */
const MAX_AGE_MS = 300_000;

/** A secret that may be rotated while the process lives. */
export interface Secret {
  /** @throws {@link DependencyUnavailableError} (retry) Parameter Store can not be reached. */
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
 * Reads a secret from `NAME` or, better, from the SSM parameter that `NAME_PARAMETER` names.
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
    throw new DependencyUnavailableError('secret-unavailable', `Can not read ${parameter}.`, {
      cause,
    });
  });
  const value = answer.Parameter?.Value;
  if (value !== undefined) return value;
  throw new DependencyUnavailableError('secret-unavailable', `${parameter} has no value.`);
}
