import { describeAnnouncements } from '#test/support/announcements-suite.ts';
import { InMemoryAnnouncements } from '#test/support/in-memory-announcements.ts';

describeAnnouncements('announcements in memory', () => {
  let shiftMs = 0;
  const announcements = new InMemoryAnnouncements(() => new Date(Date.now() + shiftMs));
  return {
    announcements,
    insertCode: (mallId, ageSeconds) => announcements.insert(mallId, ageSeconds),
    setStatus: (codeId, status) => {
      announcements.setStatus(codeId, status);
    },
    shiftClock: (seconds) => {
      shiftMs = seconds * 1_000;
    },
  };
});
