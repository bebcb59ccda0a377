import { Socket } from 'node:net';

/**
 * Loaded before each unit test: a socket that is told to connect fails instead, as a refused
 * connection would, so that whatever opened it reports the error in its own way.
 */
Socket.prototype.connect = function refuse(this: Socket, ...target: unknown[]) {
  const error = new Error(`Unit tests have no network; something connects to ${nameOf(target)}`);
  process.nextTick(() => this.destroy(error));
  return this;
};

/** The arguments of `connect` come as they were written, or as one array when Node calls itself. */
function nameOf([first, second]: readonly unknown[]): string {
  if (Array.isArray(first)) return nameOf(first);
  if (typeof first !== 'object' || first === null) {
    return typeof second === 'string' ? `${second}:${String(first)}` : String(first);
  }
  const { path, host, port } = first as { path?: string; host?: string; port?: number };
  return path ?? `${host ?? 'localhost'}:${String(port)}`;
}
