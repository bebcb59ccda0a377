/** What the infrastructure must know of this function. */
export const settings = { name: 'migrate-database', timeoutSeconds: 120 } as const;
