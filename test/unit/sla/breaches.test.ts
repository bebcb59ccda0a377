import { inMemorySlaBreaches } from '#test/support/in-memory-sla-breaches.ts';
import { describeSlaBreaches } from '#test/support/sla-breaches-suite.ts';

describeSlaBreaches('SLA breaches in memory', () => {
  const { open, search, stored } = inMemorySlaBreaches();
  return Promise.resolve({ open, search, read: (id) => Promise.resolve(stored.get(id)) });
});
