import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, test } from 'vitest';
import { breachToItem, itemToBreach, itemToOld } from '#shared/dynamodb/sla-item.ts';
import { affectedOfOld } from '#shared/sla/old-breach.ts';
import { someBreach } from '#test/support/sla-breaches.ts';

type Attributes = Record<string, AttributeValue>;

const ITEM: Attributes = {
  ErrorID: { S: 'old-1' },
  Folder: { S: 'C:\\in' },
  AffectedDay: { S: '2024-06-15' },
  AffectedDate: { S: '2024-06-15T20:25:25.000Z' },
  Filename: { S: 'a.csv' },
  CreationDate: { S: '2024-06-15T19:25:25' },
  SLA: { N: '60' },
};

/** What DynamoDB may hold in an attribute, besides texts and numbers (API reference, read 2026-11). */
const OTHER_TYPES: readonly AttributeValue[] = [
  { NULL: true },
  { BOOL: false },
  { B: new Uint8Array([1]) },
  { SS: ['a'] },
  { NS: ['1'] },
  { L: [] },
  { M: {} },
];

describe('an item that search reads', () => {
  it('is what was stored of a breach', () => {
    const { reportedAt, ...breach } = someBreach({ submissionId: 's', submittedBy: 'u' });
    const stored = itemToBreach(breachToItem({ ...breach, reportedAt }, 'later'));
    expect(stored).toEqual({ ...breach, firstReportedAt: reportedAt, lastReportedAt: 'later' });
  });

  it.each(['FirstReportedAt', 'LastReportedAt', 'SubmissionId', 'SubmittedBy'])(
    'is not lost for a %s in a type of another system',
    (name) => {
      for (const value of OTHER_TYPES) {
        expect(itemToBreach({ ...ITEM, [name]: value })).toMatchObject({ errorId: 'old-1' });
      }
    },
  );

  it.each<[Attributes, object]>([
    [{ SLA: { S: '60' } }, { sla: 60 }],
    [{ SLA: { N: '60.50' } }, { sla: 60.5 }],
    [{ Filename: { N: '20240615' } }, { filename: '20240615' }],
    [{ Filename: { S: '' } }, { filename: '' }],
    [{ CreationDate: { N: '1718479525123' } }, { creationDate: '1718479525123' }],
  ])('may have %j', (changes, read) => {
    expect(itemToBreach({ ...ITEM, ...changes })).toMatchObject(read);
  });

  it.each<Attributes>([
    ...['', 'an hour', '0x3C', '1e3', 'Infinity', '-60', ' 60'].map((S) => ({ SLA: { S } })),
    { SLA: { NULL: true } },
    { Folder: { N: '1' } },
    { AffectedDate: { N: '20240615' } },
    { Filename: { NULL: true } },
  ])('is unreadable with %j', (changes) => {
    expect(itemToBreach({ ...ITEM, ...changes })).toBeUndefined();
  });
});

test('of an old item each attribute counts for itself', () => {
  for (const value of OTHER_TYPES) {
    const old = itemToOld({ ...ITEM, AffectedDate: value });
    expect(old).toEqual({
      affectedDate: undefined,
      creationDate: '2024-06-15T19:25:25',
      sla: '60',
    });
    expect(affectedOfOld(old, 'America/Mexico_City')).toEqual({
      affectedDate: '2024-06-16T02:25:25.000Z',
      affectedDay: '2024-06-15',
    });
  }
});
