import { readFileSync } from 'node:fs';

/** The variable that names a file with a {@link StackMutation}, for `npm run test:mutations` alone. */
export const STACK_MUTATION = 'TOKENLINE_STACK_MUTATION';
/** In a path: what follows lies in the JSON text that stands here. */
export const IN_TEXT = '(text)';

/** A mistake in the synthesized stack. */
export interface StackMutation {
  readonly path: readonly string[];
  /** A stack that has something else there has no such mistake. */
  readonly was: unknown;
  /** Without it, what stood there is removed. */
  readonly becomes?: unknown;
}

/** The stack with the mistake that is tried at this time, if one is. */
export function withMistake(text: string): string {
  const file = process.env[STACK_MUTATION];
  if (file === undefined) return text;
  const mutation = JSON.parse(readFileSync(file, 'utf8')) as StackMutation;
  return JSON.stringify(mutated(JSON.parse(text), mutation), undefined, 2);
}

/** What a value is with a mistake in it; itself where the mistake has no place. */
export function mutated(value: unknown, mutation: StackMutation): unknown {
  const [step, ...path] = mutation.path;
  if (step === undefined) return isSame(value, mutation.was) ? mutation.becomes : value;
  const inner = { ...mutation, path };
  if (step === IN_TEXT) {
    return typeof value === 'string' ? JSON.stringify(mutated(JSON.parse(value), inner)) : value;
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, at) =>
      String(at) === step ? mutated(item, inner) : item,
    );
    return items.filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null || !(step in value)) return value;
  const properties: Record<string, unknown> = { ...value };
  const changed = mutated(properties[step], inner);
  if (changed !== undefined) return { ...properties, [step]: changed };
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== step));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
