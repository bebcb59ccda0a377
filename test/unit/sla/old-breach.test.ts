import { describe, expect, it } from 'vitest';
import { affectedOfOld } from '#shared/sla/old-breach.ts';

const ZONE = 'America/Mexico_City';
const old = { affectedDate: undefined, creationDate: '2024-06-15T23:30:00', sla: '60' };
const affectedOf = (changes: Partial<Record<keyof typeof old, string>>) =>
  affectedOfOld({ ...old, ...changes }, ZONE);

describe('the affected date of an old item', () => {
  it.each([
    ['2024-06-16T06:30:00.000Z', '2024-06-16T06:30:00.000Z', '2024-06-16'],
    // UTC without saying so.
    ['2024-06-15T01:25:25.123456', '2024-06-15T01:25:25.123Z', '2024-06-14'],
    ['2024-06-15 01:25:25', '2024-06-15T01:25:25.000Z', '2024-06-14'],
    ['2024-06-15 01:25:25.123456+00:00', '2024-06-15T01:25:25.123Z', '2024-06-14'],
    ['2024-06-15T20:25:25+09:00', '2024-06-15T11:25:25.000Z', '2024-06-15'],
    ['/Date(1718479525123)/', '2024-06-15T19:25:25.123Z', '2024-06-15'],
  ])('is the instant that it has, whatever the others say (%s)', (affectedDate, instant, day) => {
    expect(affectedOf({ affectedDate, creationDate: '1999-01-01T00:00:00' })).toEqual({
      affectedDate: instant,
      affectedDay: day,
    });
  });

  it('on the day that it has is the instant that creation and SLA give', () => {
    expect(affectedOf({ affectedDate: '2024-06-16' })).toEqual({
      affectedDate: '2024-06-16T06:30:00.000Z',
      affectedDay: '2024-06-16',
    });
  });

  it('on the day that it has in UTC is the instant that creation and SLA give as well', () => {
    expect(affectedOf({ affectedDate: '2024-06-15', creationDate: '2024-06-14T19:30:00' })).toEqual(
      {
        affectedDate: '2024-06-15T02:30:00.000Z',
        affectedDay: '2024-06-14',
      },
    );
  });

  it.each([
    ['of another day', {}],
    ['without a creation date', { creationDate: '' }],
  ])('stays on its day, at the beginning (%s)', (_, changes) => {
    expect(affectedOf({ affectedDate: '2024-06-20', ...changes })).toEqual({
      affectedDate: '2024-06-20T06:00:00.000Z',
      affectedDay: '2024-06-20',
    });
  });

  it.each([
    ['is not there', {}],
    ['is empty', { affectedDate: '' }],
    ['is in no form that we know', { affectedDate: '15/06/2024' }],
    ['is of another calendar', { affectedDate: '2567-06-15T01:25:25' }],
    ['is on no day of the calendar', { affectedDate: '2024-02-30' }],
  ])('that %s comes from creation and SLA', (_, changes) => {
    expect(affectedOf(changes)).toEqual({
      affectedDate: '2024-06-16T06:30:00.000Z',
      affectedDay: '2024-06-16',
    });
  });

  it.each([
    ['no creation date', { creationDate: 'yesterday' }],
    ['no SLA', { sla: 'an hour' }],
    ['an SLA that is empty', { sla: '' }],
    ['neither', { creationDate: '', sla: '' }],
  ])('can not be told with %s', (_, changes) => {
    expect(affectedOf({ affectedDate: 'unknown', ...changes })).toBeUndefined();
  });

  it('takes an SLA that was stored as 60.0', () => {
    expect(affectedOf({ sla: '60.0' })).toMatchObject({ affectedDay: '2024-06-16' });
  });
});
