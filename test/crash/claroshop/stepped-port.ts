import type { Line } from '../line.ts';
import type { Place } from '../skies.ts';
import type { Told } from './stores.ts';

interface Stepping {
  readonly place: Place;
  /** Before the names of its steps. */
  readonly prefix?: string;
  /** Told of what was done, before its answer can get lost. */
  readonly watch?: Told;
}

/** The same port, each of whose methods is a step of the process, called as the method is. */
export function steppedPort<Port extends object>(
  port: Port,
  line: Line,
  { place, prefix = '', watch = () => undefined }: Stepping,
): Port {
  return new Proxy(port, {
    get: (_, property) => {
      const value: unknown = Reflect.get(port, property, port);
      if (typeof value !== 'function') return value;
      const method = String(property);
      return (...args: unknown[]) =>
        line.call({
          name: prefix + toKebab(method),
          place,
          perform: async () => {
            const result = await (Reflect.apply(value, port, args) as Promise<unknown>);
            watch(method, args, result);
            return result;
          },
        });
    },
  });
}

export function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
