import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENTS } from '#events/index.ts';

const folder = new URL('../../../events/', import.meta.url);
const toFileName = (detailType: string) =>
  detailType.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

describe('events/', () => {
  it.each(EVENTS.map((event) => [event.detailType, event.schema] as const))(
    '%s has an example that its schema takes as it stands',
    (detailType, schema) => {
      const example = new URL(`examples/${toFileName(detailType)}.json`, folder);
      const detail: unknown = JSON.parse(readFileSync(example, 'utf8'));
      expect(schema.safeParse(detail).error).toBeUndefined();
    },
  );

  it('has no example without an event', () => {
    const names = EVENTS.map(({ detailType }) => `${toFileName(detailType)}.json`);
    expect(readdirSync(new URL('examples/', folder)).sort()).toEqual(names.sort());
  });
});
