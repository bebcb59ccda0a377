import { z } from 'zod';

/** A call of Parameter Store, as LocalStack's gateway saw it. */
export interface SsmCall {
  readonly operation: string;
  /** The parameters that it names; of GetParametersByPath, the path. */
  readonly names: readonly string[];
  /** The fault that it met. */
  readonly error: string | null;
}

export interface SsmFault {
  readonly operation: string;
  /** Of the parameters' names. */
  readonly prefix: string;
  readonly error: 'TooManyUpdates' | 'ThrottlingException' | 'InternalServerError';
  /** How many calls it meets. */
  readonly times: number;
}

export interface SsmControl {
  /** The next calls answer an error and do nothing; several faults follow each other. */
  fail(fault: SsmFault): Promise<void>;
  /** Takes back what is left of the faults with this prefix. */
  heal(prefix: string): Promise<void>;
  /**
   * From now on the first reads of each parameter under the prefix say, after a put, what was there before
   * it: so many of them. 0 ends that.
   */
  lag(prefix: string, reads: number): Promise<void>;
  /** The calls that name a parameter under the prefix, since LocalStack began, the oldest first. */
  calls(prefix: string): Promise<readonly SsmCall[]>;
}

const Calls = z.object({
  calls: z.array(
    z.object({ operation: z.string(), names: z.array(z.string()), error: z.string().nullable() }),
  ),
});

/** Steers the Parameter Store of a LocalStack with our plugin. */
export function ssmControl(endpointUrl: string): SsmControl {
  const call = async (path: string, options?: RequestInit): Promise<unknown> => {
    const response = await fetch(`${endpointUrl}/_tokenline/ssm/${path}`, options);
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error((answer as { message: string }).message);
    return answer;
  };
  const under = (prefix: string) => `prefix=${encodeURIComponent(prefix)}`;
  return {
    async fail(fault) {
      await call('faults', { method: 'POST', body: JSON.stringify(fault) });
    },
    async heal(prefix) {
      await call(`faults?${under(prefix)}`, { method: 'DELETE' });
    },
    async lag(prefix, reads) {
      await call('lags', { method: 'POST', body: JSON.stringify({ prefix, reads }) });
    },
    calls: async (prefix) => Calls.parse(await call(`calls?${under(prefix)}`)).calls,
  };
}
