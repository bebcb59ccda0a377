import { describeCafe24Stores } from '#test/support/cafe24-stores-suite.ts';
import { inMemoryWorld } from '#test/support/in-memory-world.ts';

describeCafe24Stores('Cafe24 stores in memory', () =>
  Promise.resolve(inMemoryWorld(() => new Date())),
);
