import { expect, test } from 'vitest';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { EventDefinition } from '#events/define-event.ts';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { Cafe24ExpiryWarning, ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import { examplesOf } from '#test/support/event-examples.ts';
import { listeningWorker, type Heard } from '#test/support/listening-worker.ts';

type Path = readonly string[];

const CONSUMED: readonly EventDefinition<object>[] = [
  AuthorizationCodeArrived,
  Cafe24ExpiryWarning,
  ClaroshopExpiryWarning,
  SlaErrorSubmitted,
];
const ODD = [null, 17, -1, 0.5, true, '', ' ', 'a\u0000', 'a\ud83d', 'x'.repeat(5_000), {}, []];
/** `codeId` may be a number, and is text from then on. */
const SAME = (sent: unknown, read: unknown) => String(read) === String(sent);

const cases = CONSUMED.flatMap((event) =>
  examplesOf(event)
    .filter(({ detail }) => event.schema.safeParse(detail).success)
    .map(({ file, detail }) => [file, event, detail] as const),
);

test.each(cases)(
  'whatever stands in a field of %s, it is kept, or refused by name, or told of',
  async (_, event, detail) => {
    const hear = listeningWorker(event);
    for (const path of pathsIn(detail)) {
      for (const value of ODD) {
        const heard = await hear(replaced(detail, path, value));
        const what = `${path.join('.')} = ${JSON.stringify(value).slice(0, 20)}`;
        expect(isTold(heard, path, value), `${what}: ${JSON.stringify(heard)}`).toBe(true);
      }
    }
  },
);

function isTold({ message, rejected, warned }: Heard<object>, path: Path, value: unknown): boolean {
  const name = path.join('.');
  if (rejected !== undefined) return rejected.includes(name) || isEitherCode(path);
  const read = valueAt(message?.detail, path);
  if (value === null) return read !== null;
  const paths = Object.values(warned).join(', ').split(', ');
  return SAME(value, read) || paths.some((it) => it.startsWith(name));
}

/** Without the one, the other is missing. */
const isEitherCode = (path: Path) => path[0] === 'codeId' || path[0] === 'code';

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const within = Object.entries(value).flatMap(([name, it]) => pathsIn(it, [...path, name]));
  return path.length === 0 ? within : [path, ...within];
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}

function valueAt(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined) return value;
  return valueAt((value as Record<string, unknown> | undefined)?.[name], rest);
}
