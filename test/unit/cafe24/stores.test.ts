import { describeCafe24Stores } from '#test/support/cafe24-stores-suite.ts';
import { describeTogether } from '#test/support/cafe24-stores-together-suite.ts';
import { inMemoryWorld } from '#test/support/in-memory-world.ts';

const createWorld = () => Promise.resolve(inMemoryWorld(() => new Date()));

describeCafe24Stores('Cafe24 stores in memory', createWorld);
describeTogether('Cafe24 stores in memory, a batch at once', createWorld);
