import { describe, expect, test } from 'vitest';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { Cafe24ExpiryWarning, ClaroshopExpiryWarning } from '#events/token-expiry-warning.ts';
import { eventBridgeEnvelope } from '#test/support/eventbridge-envelope.ts';
import { listeningWorker } from '#test/support/listening-worker.ts';

const hearCode = listeningWorker(AuthorizationCodeArrived);
const hearWarning = listeningWorker(Cafe24ExpiryWarning);
const hearClaroshop = listeningWorker(ClaroshopExpiryWarning);
const hearFiles = listeningWorker(SlaErrorSubmitted);

const WARNING = { provider: 'cafe24', mallId: 'demo-mall', version: 7, reason: 'expiring' };
const FILE = { folder: 'C:\\in', filename: 'a.csv', sla: 60, creationDate: '2024-06-15T19:25:25Z' };
const DROPPED = 'message-field-dropped';
const CLEANED = 'message-field-cleaned';

describe('null is absence', () => {
  test.each([
    ['codeId beside code', hearCode, { mallId: 'demo-mall', codeId: null, code: 'c-1' }],
    ['code beside codeId', hearCode, { mallId: 'demo-mall', codeId: 4, code: null }],
    ['metadata', hearWarning, { ...WARNING, metadata: null }],
    [
      'every field of metadata',
      hearWarning,
      {
        ...WARNING,
        metadata: { eventId: null, occurredAt: null, correlationId: null, causationId: null },
      },
    ],
    ['expiresAt', hearWarning, { ...WARNING, expiresAt: null }],
    [
      'account and version',
      hearClaroshop,
      { provider: 'claroshop', reason: 'expiring', account: null, version: null },
    ],
    ['reason', hearWarning, { ...WARNING, reason: null }],
    [
      'what tells of a submission',
      hearFiles,
      { files: [FILE], submissionId: null, submittedBy: null, submittedAt: null },
    ],
    [
      'id and time of the envelope',
      hearWarning,
      { 'detail-type': 'TokenExpiryWarning', id: null, time: null, detail: WARNING },
    ],
  ])('%s: the message is taken, without a warning', async (_, hear, body) => {
    expect(await hear(body)).toMatchObject({ message: {}, rejected: undefined, warned: {} });
  });
});

describe('what only describes costs no message', () => {
  const withMetadata = (metadata: unknown) => ({ ...WARNING, metadata });

  test.each([
    ['a time without a zone', { occurredAt: '2026-12-01T10:00:00.123456' }, 'metadata.occurredAt'],
    ['a number for a correlation', { correlationId: 17 }, 'metadata.correlationId'],
    ['an empty correlation', { correlationId: '' }, 'metadata.correlationId'],
    ['a correlation without end', { correlationId: 'c'.repeat(257) }, 'metadata.correlationId'],
    ['an object for a cause', { causationId: {} }, 'metadata.causationId'],
    ['an id that no store takes', { eventId: 'run-\u0000' }, 'metadata.eventId'],
  ])('%s is dropped with a warning', async (_, metadata, path) => {
    const { message, warned } = await hearWarning(withMetadata(metadata));

    expect(message).toMatchObject({ detail: WARNING, correlationId: 'm-1', causationId: 'm-1' });
    expect(warned).toEqual({ [DROPPED]: path });
  });

  test.each(['none', 5, ['a']])(
    'metadata that are no object (%j) are dropped',
    async (metadata) => {
      expect(await hearWarning(withMetadata(metadata))).toMatchObject({
        message: { detail: { mallId: 'demo-mall' } },
        warned: { [DROPPED]: 'metadata' },
      });
    },
  );

  test.each(['job \ud83d', 'run-\u0000', 'x\uffff'])(
    '%j is cleaned with a warning',
    async (text) => {
      const metadata = { correlationId: text, causationId: text };
      const { message, warned } = await hearWarning(withMetadata(metadata));

      expect(message?.correlationId).toBe(text.replace(/.$/, '\ufffd'));
      expect(warned).toEqual({ [CLEANED]: 'metadata.correlationId, metadata.causationId' });
    },
  );

  test('an envelope whose id no store takes is done, known by the id of SQS', async () => {
    const id = 'a\u0000b';
    const { message, warned } = await hearWarning(
      eventBridgeEnvelope('TokenExpiryWarning', WARNING, { id }),
    );

    expect(message).toMatchObject({ correlationId: 'm-1', causationId: 'm-1' });
    expect(warned).toEqual({ [DROPPED]: 'id' });
  });

  test('the time of a warning decides nothing', async () => {
    const { message, warned } = await hearWarning({ ...WARNING, expiresAt: 'soon' });

    expect(message?.detail).toMatchObject(WARNING);
    expect(warned).toEqual({ [DROPPED]: 'expiresAt' });
  });

  test('a submission is known by whatever text its sender calls it', async () => {
    const { message, warned } = await hearFiles({ files: [FILE], submissionId: 'run 7/2026' });

    expect(message?.detail.submissionId).toBe('run 7/2026');
    expect(warned).toEqual({});
  });

  test.each([
    ['submissionId', 7],
    ['submissionId', 'a\u0000'],
    ['submittedBy', {}],
    ['submittedAt', 'yesterday'],
  ])('%s: %j is dropped, the files are not', async (field, value) => {
    const { message, warned } = await hearFiles({ files: [FILE], [field]: value });

    expect(message?.detail.files).toEqual([FILE]);
    expect(warned).toEqual({ [DROPPED]: field });
  });

  test('who submitted is told as far as a store takes it', async () => {
    const { message, warned } = await hearFiles({ files: [FILE], submittedBy: 'jos\ud83d' });

    expect(message?.detail.submittedBy).toBe('jos\ufffd');
    expect(warned).toEqual({ [CLEANED]: 'submittedBy' });
  });

  test.each(['2026-03-01T06:59:58-05:00', '2026-03-01T06:59:58-0500', '2026-03-01T11:59:58Z'])(
    'a time with any offset is read: %s',
    async (submittedAt) => {
      const { message, warned } = await hearFiles({ files: [FILE], submittedAt });

      expect(new Date(message?.detail.submittedAt ?? '')).toEqual(new Date('2026-03-01T11:59:58Z'));
      expect(warned).toEqual({});
    },
  );

  test('no warning quotes a value', async () => {
    const secret = 'a-secret-code';
    const metadata = { [secret]: 1, correlationId: [secret], occurredAt: secret };
    const { warned } = await hearWarning({ ...WARNING, metadata, [secret]: secret });

    expect(JSON.stringify(warned)).not.toContain(secret);
  });
});

describe('the age of a message', () => {
  const SENT_AT = new Date('2026-03-01T12:00:00.000Z');
  const published = async (time: unknown) =>
    (await hearWarning({ 'detail-type': 'TokenExpiryWarning', time, detail: WARNING })).message
      ?.publishedAt;

  test('counts from an envelope whose offset has no colon', async () => {
    expect(await published('2026-03-01T11:58:00+0000')).toEqual(new Date('2026-03-01T11:58:00Z'));
  });

  test.each(['noon', 17, '2026-03-01T11:58:00'])(
    'counts from when SQS took it, where the time of the envelope can not be read (%j)',
    async (time) => {
      expect(await published(time)).toEqual(SENT_AT);
    },
  );
});

test('a warning without a reason is about a token that comes near its end', async () => {
  const { provider, mallId, version } = WARNING;
  expect((await hearWarning({ provider, mallId, version })).message?.detail.reason).toBe(
    'expiring',
  );
  expect((await hearClaroshop({ provider: 'claroshop' })).message?.detail).toMatchObject({
    account: 'default',
    reason: 'expiring',
  });
});

describe('what identifies, authorizes or decides is kept to the letter or refused by name', () => {
  test.each([
    [hearCode, { mallId: 'demo-mall\u0000', codeId: 4 }, 'mallId'],
    [hearCode, { mallId: 'demo-mall', codeId: '4\u0000' }, 'codeId'],
    [hearCode, { mallId: 'demo-mall', code: 'c\ud83d' }, 'code'],
    [hearCode, { mallId: 'demo-mall', codeId: '9223372036854775808' }, 'codeId'],
    [hearWarning, { ...WARNING, version: null }, 'version'],
    [hearWarning, { ...WARNING, reason: 'tired' }, 'reason'],
    [hearWarning, { ...WARNING, provider: 'shopify' }, 'provider'],
    [hearClaroshop, { provider: 'claroshop', account: 'x\u0000' }, 'account'],
    [hearClaroshop, { provider: 'claroshop', version: '7' }, 'version'],
    [hearFiles, { files: [{ ...FILE, folder: 'C:\\\u0000' }] }, 'files.0.folder'],
    [hearFiles, { files: [{ ...FILE, filename: 'a\ud83d.csv' }] }, 'files.0.filename'],
    [hearFiles, { files: [{ ...FILE, creationDate: '2024-06-15\uffff' }] }, 'files.0.creationDate'],
    [hearFiles, { files: [{ ...FILE, sla: null }] }, 'files.0.sla'],
  ])('%#: %j', async (hear, body, path) => {
    const { message, rejected } = await hear(body);

    expect(message).toBeUndefined();
    expect(rejected).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}: `));
    expect(rejected).not.toContain('; ');
  });

  test('the id of a stored code may be as large as the column', async () => {
    const codeId = '9223372036854775807';
    expect((await hearCode({ mallId: 'demo-mall', codeId })).message?.detail).toMatchObject({
      codeId,
    });
  });
});
