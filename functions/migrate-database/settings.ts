/** What the infrastructure must know of this function. */
export const settings = {
  name: 'migrate-database',
  /** A file over a million adopted rows takes minutes on a busy server: docs/database.md. */
  timeoutSeconds: 600,
} as const;
