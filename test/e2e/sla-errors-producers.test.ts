import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attributesOf } from '#test/support/e2e.ts';
import { beginSlaStory, type SlaStory } from '#test/support/sla-story.ts';

const { queueUrl, deadLetterQueueUrl } = inject('stack').recordSlaErrors;

let story: SlaStory;
beforeAll(async () => {
  story = await beginSlaStory();
});
afterAll(() => story.end());

const file = (folder: string, changes: object = {}) => ({
  folder,
  filename: 'a.csv',
  sla: 60,
  creationDate: '2024-06-15T19:25:25Z',
  ...changes,
});

const letterOf = (messageId: string | undefined) =>
  story.deadLetter(
    (letter) => attributesOf(letter)['OriginalMessageId'] === messageId,
    deadLetterQueueUrl,
  );

describe('a producer', () => {
  it('may put events on the bus, send to the queue, or use HTTP: it is one item', async () => {
    const folder = `${story.folder}\\in`;
    const bare = { files: [file(folder)] };
    await story.publishAs('SlaErrorSubmitted', bare);
    const [first] = await story.waitForItems(1, folder);
    await story.sendTo(queueUrl, JSON.stringify(bare));
    const { filename, creationDate, sla } = file(folder);
    await story.submit({ sla_error: [{ folder, sla, files: [{ filename, creationDate }] }] });
    await story.isEmpty(queueUrl);
    const items = await story.items(folder);
    expect(items).toEqual([{ ...first, lastReportedAt: expect.any(String) as string }]);
    expect((items[0]?.lastReportedAt ?? '') > (first?.lastReportedAt ?? '')).toBe(true);
  });

  it('may send many messages with one file each', async () => {
    const folder = `${story.folder}\\each`;
    const bodies = Array.from({ length: 10 }, (_, index) =>
      JSON.stringify({ files: [file(folder, { filename: String(index) })] }),
    );
    await story.sendTo(queueUrl, ...bodies);
    expect(await story.waitForItems(10, folder)).toHaveLength(10);
  });
});

describe('a bad message of a producer', () => {
  it.each([
    ['no JSON', () => `files of ${story.folder}`, 'body'],
    ['no files', () => JSON.stringify({ for: story.folder }), 'files'],
    ['a wrong SLA', () => JSON.stringify({ files: [file(story.folder, { sla: 5 })] }), 'sla'],
  ])('(%s) becomes a dead letter with the reason', async (_, body, path) => {
    const text = body();
    const [messageId] = await story.sendTo(queueUrl, text);
    const letter = await letterOf(messageId);
    expect(letter.Body).toBe(text);
    expect(attributesOf(letter)).toMatchObject({
      Reason: 'invalid-message',
      ErrorMessage: expect.stringContaining(path) as string,
      FunctionName: 'record-sla-errors',
    });
  });

  it('does not take its good files with it', async () => {
    const folder = `${story.folder}\\mixed`;
    const bad = file(folder, { filename: 'b.csv', creationDate: '2024-02-30T10:00:00' });
    const files = [file(folder), bad, file(folder, { filename: 'c.csv' })];
    const [messageId] = await story.sendTo(queueUrl, JSON.stringify({ files }));
    const letter = await letterOf(messageId);
    expect(attributesOf(letter)['ErrorMessage']).toContain('detail.files.1.creationDate');
    await story.isEmpty(queueUrl);
    const items = await story.items(folder);
    expect(items.map(({ filename }) => filename).sort()).toEqual(['a.csv', 'c.csv']);
  });

  it('does not hold up its neighbours', async () => {
    const folder = `${story.folder}\\neighbours`;
    const good = ['a', 'b', 'c'].map((filename) =>
      JSON.stringify({ files: [file(folder, { filename })] }),
    );
    const [poison] = await story.sendTo(queueUrl, '{}', ...good);
    expect(await story.waitForItems(3, folder)).toHaveLength(3);
    await letterOf(poison);
  });
});
