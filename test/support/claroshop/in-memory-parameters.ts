import { isStorable } from '#events/text.ts';
import { DependencyRefusedError, DependencyUnavailableError } from '#shared/errors.ts';
import { MAX_VALUE_BYTES, type Parameter, type Parameters } from '#shared/ssm/parameters.ts';

/** Parameter Store in memory, as strict as the real one. */
export function inMemoryParameters() {
  const held = new Map<string, Parameter>();
  const underWay = new Set<string>();
  const calls: string[] = [];

  const parameters: Parameters = {
    read: (names) => {
      calls.push(`read ${String(names.length)}`);
      if (names.length > 10) return Promise.reject(refused('over 10 names'));
      const found = names.map((name) => held.get(name)).filter((it) => it !== undefined);
      return Promise.resolve(new Map(found.map((it) => [it.name, it])));
    },
    put: async ({ name, value, type }) => {
      calls.push(`put ${name}`);
      if (value === '') throw refused('empty');
      if (!isStorable(value)) throw refused('no text');
      if (/\{\{.*\}\}/su.test(value)) throw refused('nested');
      if (Buffer.byteLength(value) > MAX_VALUE_BYTES) throw refused('over 8 KB');
      if (underWay.has(name))
        throw new DependencyUnavailableError('ssm-unavailable', 'TooManyUpdates');
      underWay.add(name);
      await Promise.resolve();
      underWay.delete(name);
      const known = held.get(name);
      if (known !== undefined && known.type !== type) throw refused('another type');
      const version = (known?.version ?? 0) + 1;
      held.set(name, { name, value, type, version });
      return version;
    },
    delete: (name) => {
      calls.push(`delete ${name}`);
      held.delete(name);
      return Promise.resolve();
    },
  };
  return { ...parameters, held, calls };
}

function refused(why: string): DependencyRefusedError {
  return new DependencyRefusedError('parameter-refused', why);
}
