import { AsyncLocalStorage } from 'node:async_hooks';

const markers = new AsyncLocalStorage<string>();

/** The commands that `work` runs, and all that they start, carry the marker in their environment. */
export function marking<Result>(marker: string, work: () => Promise<Result>): Promise<Result> {
  return markers.run(marker, work);
}

/** With the marker of the work that this is called in, if it has one. */
export function markedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const marker = markers.getStore();
  return marker === undefined ? environment : { ...environment, TOKENLINE_MARKER: marker };
}
