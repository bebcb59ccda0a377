import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EVENTS } from '#events/index.ts';
import { examplesOf, exampleName } from '#test/support/event-examples.ts';

type Raw = Readonly<Record<string, unknown>>;

describe('events/', () => {
  it.each(EVENTS.map((event) => [event.detailType, event] as const))(
    '%s has examples that its schema takes as they stand',
    (_, event) => {
      const examples = examplesOf(event);
      expect(examples.length).toBeGreaterThan(0);
      for (const { detail } of examples) {
        expect(event.schema.safeParse(detail).error).toBeUndefined();
      }
    },
  );

  it.each(
    EVENTS.flatMap(({ detailType, schema }) =>
      membersOf(schema).map((it) => [detailType, it] as const),
    ),
  )('%s has an example of each of its forms, fields and words', (detailType, member) => {
    const event = EVENTS.find((it) => it.detailType === detailType)!;
    const examples: readonly Raw[] = examplesOf(event).map(({ detail }) => detail);
    const ofMember = examples.filter((detail) => member.safeParse(detail).success);
    for (const [field, schema] of Object.entries(member.shape)) {
      const values = ofMember.map((detail) => detail[field]);
      expect(
        values.some((value) => value !== undefined),
        field,
      ).toBe(true);
      expect(values, field).toEqual(expect.arrayContaining(wordsOf(schema)));
    }
  });

  it('has no example without an event', () => {
    const names = EVENTS.map(exampleName);
    const files = readdirSync(new URL('../../../events/examples/', import.meta.url));
    expect(files.filter((file) => !names.includes(file.split('.')[0]!))).toEqual([]);
  });
});

/** The objects that an event may be. */
function membersOf(schema: unknown): z.ZodObject[] {
  if (schema instanceof z.ZodObject) return [schema];
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(membersOf);
  return schema instanceof z.ZodPipe ? membersOf(schema.in) : [];
}

/** The words that a field may be. */
function wordsOf(schema: unknown): unknown[] {
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodPipe) return wordsOf(schema.in);
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? wordsOf(schema.unwrap())
    : [];
}
