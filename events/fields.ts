import type { z } from 'zod';

/** A field that may be absent. Null says the same: many writers of JSON name every field. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();
}

/** A field that need not be there, with what it means then. Null says the same. */
export function defaulted<Schema extends z.ZodType<string>>(
  schema: Schema,
  value: z.output<Schema>,
) {
  return schema.nullish().transform((given) => given ?? value);
}

/**
 * A field that only describes: nothing is decided by it, so one that can't be read costs no message.
 * It is left out, and whoever takes the message tells of that in the log.
 */
export function descriptive<Schema extends z.ZodType>(schema: Schema) {
  return optional(schema).catch(undefined);
}
