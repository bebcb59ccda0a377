import { inMemoryAttempts } from '#test/support/claroshop/in-memory-attempts.ts';
import { describeLeasedAttempts } from '#test/support/claroshop/leased-attempts-suite.ts';

describeLeasedAttempts('attempts in memory', inMemoryAttempts);
