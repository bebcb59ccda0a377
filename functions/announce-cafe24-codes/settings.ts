/** What the infrastructure must know of this function. */
export const settings = {
  name: 'announce-cafe24-codes',
  /** A minute of looking, and the last look's mark (15 s). */
  timeoutSeconds: 75,
  schedule: 'rate(1 minute)',
  /** What the schedule invokes it with; a person invokes it with `{}`. */
  input: { watch: true },
} as const;
