import type { Told } from './stores.ts';

interface Watching {
  /** Told of the method's name before it is called. */
  readonly onCall: (method: string) => void;
  /** Told of what was done. */
  readonly onDone: Told;
}

/** The same port, with somebody who is told of its calls. */
export function watchedPort<Port extends object>(port: Port, { onCall, onDone }: Watching): Port {
  return new Proxy(port, {
    get: (_, property) => {
      const value: unknown = Reflect.get(port, property, port);
      if (typeof value !== 'function') return value;
      const method = String(property);
      return async (...args: unknown[]) => {
        onCall(method);
        const result = await (Reflect.apply(value, port, args) as Promise<unknown>);
        onDone(method, args, result);
        return result;
      };
    },
  });
}
