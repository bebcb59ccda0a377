import {
  DeleteParameterCommand,
  GetParametersCommand,
  ParameterNotFound,
  ParameterType,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { ssmError } from './ssm-errors.ts';

/** The most that Parameter Store takes, in the advanced tier (API reference, read 2026-11). */
export const MAX_VALUE_BYTES = 8_192;

/** A parameter with its value, decrypted. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** Rises by 1 with each put. */
  readonly version: number;
  readonly type: ParameterType;
}

/**
 * Parameter Store. Each call is made once: the caller knows what is worth repeating.
 *
 * All throw {@link DependencyUnavailableError} (retry) while it is away or throttles,
 * {@link DependencyRefusedError} when it will never take the value.
 */
export interface Parameters {
  /** @param names at most 10 (API reference, read 2026-11). @returns those that are there, by name. */
  read(names: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Parameter>>;
  /** Creates the parameter, or gives it another value; its type can't change. @returns its version. */
  put(parameter: Omit<Parameter, 'version'>, signal?: AbortSignal): Promise<number>;
  /** One that is gone already is no fault. */
  delete(name: string): Promise<void>;
}

const Read = z.object({
  Name: z.string(),
  Value: z.string(),
  Version: z.int(),
  Type: z.enum(ParameterType),
});

/** @param keyId of the KMS key that encrypts; without it the account's own `aws/ssm`. */
export function ssmParameters(client: SSMClient, keyId?: string): Parameters {
  return {
    async read(names, signal) {
      const command = new GetParametersCommand({ Names: [...names], WithDecryption: true });
      const about = names.join(', ');
      const { Parameters: found = [] } = await client
        .send(command, within(signal))
        .catch(failOn(about));
      const parameters = z
        .array(Read)
        .parse(found)
        .map(({ Name: name, Value: value, Version: version, Type: type }) => {
          return { name, value, version, type };
        });
      return new Map(parameters.map((parameter) => [parameter.name, parameter]));
    },
    async put({ name, value, type }, signal) {
      const command = new PutParameterCommand({
        Name: name,
        Value: value,
        Type: type,
        Overwrite: true,
        // Advanced only when a value is over 4 KB; a parameter never comes back from there.
        Tier: 'Intelligent-Tiering',
        ...(type === 'SecureString' && keyId !== undefined && { KeyId: keyId }),
      });
      const { Version } = await client.send(command, within(signal)).catch(failOn(name));
      return z.int().parse(Version);
    },
    async delete(name) {
      await client.send(new DeleteParameterCommand({ Name: name })).catch((error: unknown) => {
        if (!(error instanceof ParameterNotFound)) throw ssmError(error, name);
      });
    },
  };
}

function within(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { abortSignal: signal };
}

function failOn(about: string): (error: unknown) => never {
  return (error) => {
    throw ssmError(error, about);
  };
}
