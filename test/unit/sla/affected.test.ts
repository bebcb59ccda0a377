import { describe, expect, it } from 'vitest';
import { affectedAt } from '#shared/sla/affected.ts';

describe('affectedAt', () => {
  it('is creation plus the minutes of the SLA, in UTC', () => {
    const affected = affectedAt(new Date('2024-06-15T19:25:25.123-05:00'), 60, 'UTC');
    expect(affected).toEqual({
      affectedDate: '2024-06-16T01:25:25.123Z',
      affectedDay: '2024-06-16',
    });
  });

  it.each([
    ['America/Mexico_City', '2024-06-15'],
    ['Asia/Seoul', '2024-06-16'],
    ['Pacific/Kiritimati', '2024-06-16'],
  ])('has the day that the clocks of %s show then', (zone, affectedDay) => {
    const affected = affectedAt(new Date('2024-06-16T00:25:00Z'), 60, zone);
    expect(affected).toMatchObject({ affectedDay });
  });

  it.each([
    ['2024-11-03T05:59:59Z', '2024-11-03'],
    ['2024-11-04T05:59:59Z', '2024-11-03'],
    ['2024-11-04T06:00:00Z', '2024-11-04'],
  ])('follows the change of the clocks (%s)', (instant, affectedDay) => {
    const createdAt = new Date(Date.parse(instant) - 20 * 60_000);
    expect(affectedAt(createdAt, 20, 'America/Chicago')).toMatchObject({ affectedDay });
  });

  it('has four digits of year for the oldest file time of Windows', () => {
    expect(affectedAt(new Date('1601-01-01T12:00:00Z'), 20, 'UTC')).toEqual({
      affectedDate: '1601-01-01T12:20:00.000Z',
      affectedDay: '1601-01-01',
    });
  });
});
