import type { z } from 'zod';

/** One kind of event: its name on the wire and the shape of its `detail`. */
export interface EventDefinition<Detail extends object> {
  /** EventBridge's `detail-type`. */
  readonly detailType: string;
  readonly schema: z.ZodType<Detail>;
}

export function defineEvent<Schema extends z.ZodType<object>, Name extends string>(
  detailType: Name,
  schema: Schema,
) {
  return { detailType, schema } as const;
}
