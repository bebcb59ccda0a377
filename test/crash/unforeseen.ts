import { TokenlineError } from '#shared/errors.ts';
import type { World } from './world.ts';

/** Errors without a name: those that nobody caught, and those that a function caught and logged. */
export function unforeseenIn({ bugs, log }: Pick<World, 'bugs' | 'log'>): readonly string[] {
  const logged = log.lines.flatMap(({ message, fields: { error } }) =>
    error instanceof Error && !(error instanceof TokenlineError)
      ? [`${message}: ${error.message}`]
      : [],
  );
  return [...bugs, ...logged];
}
