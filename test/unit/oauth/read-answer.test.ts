import { describe, expect, it } from 'vitest';
import { readCafe24Answer } from '#shared/cafe24/oauth.ts';
import { readClaroshopAnswer } from '#shared/claroshop/oauth.ts';
import { decode } from '#shared/oauth/body.ts';
import { toAnswered } from '#shared/oauth/post-form.ts';
import { preludes } from '#test/support/scripted-provider/preludes.ts';

const REQUESTED_AT = new Date('2026-03-01T03:00:00.000Z');
const SENT = 'the-token-that-we-sent';
const asked = { mallId: 'test-mall', clientId: 'client', requestedAt: REQUESTED_AT };
const tokens = { access_token: 'access', refresh_token: 'refresh' };

interface Read {
  readonly name: string;
  readonly read: (status: number, text: string) => { readonly kind: string };
}
const READERS: readonly Read[] = [
  {
    name: 'Cafe24',
    read: (status, text) =>
      readCafe24Answer(toAnswered(status, text), { refresh_token: SENT }, asked),
  },
  {
    name: 'ClaroShop',
    read: (status, text) =>
      readClaroshopAnswer(
        toAnswered(status, text),
        { grantType: 'refresh_token', refreshToken: SENT },
        REQUESTED_AT,
      ),
  },
];

const GRANT = JSON.stringify({ ...tokens, mall_id: 'test-mall' });
const granted = { kind: 'granted' };
const unusable = { kind: 'unknown', reason: 'unusable-answer' };

describe.each(READERS)('an answer of $name', ({ read }) => {
  it.each([200, 201, 202, 299])('is a grant with status %i', (status) => {
    expect(read(status, GRANT)).toMatchObject(granted);
  });

  it.each(Object.entries(preludes))('is a grant behind %s', (_, prelude) => {
    expect(read(200, prelude + GRANT)).toMatchObject(granted);
    expect(read(201, `\u{FEFF}${prelude}\u{FEFF} ${GRANT}\r\n`)).toMatchObject(granted);
  });

  it('is a grant behind a notice with JSON in it that has nothing of a grant', () => {
    expect(read(200, `Notice: {"level":"low"}, {"open\n${GRANT}`)).toMatchObject(granted);
  });

  it.each([null, '', false])('is a grant with an error that says nothing (%j)', (error) => {
    expect(read(200, JSON.stringify({ ...tokens, error }))).toMatchObject(granted);
  });

  it.each([
    ['nested tokens', JSON.stringify({ data: tokens })],
    ['a list', `[${GRANT}]`],
    ['nested tokens that are cut', JSON.stringify({ data: tokens }).slice(0, -1)],
    ['nested tokens that are cut behind a notice', `Notice: x\n{"a":1,"data": ${GRANT}`],
    ['an error beside the tokens', JSON.stringify({ ...tokens, error: 'invalid_grant' })],
    ['two grants', GRANT + GRANT],
    ['an error and a grant', `{"error":"invalid_grant"}${GRANT}`],
    ['a grant before a notice', `${GRANT}\n<br />Notice`],
    ['a grant in a call', `callback(${GRANT})`],
    ['a mark within', GRANT.replace('{', '{\u{FEFF}')],
    ['a grant that is cut', GRANT.slice(0, 30)],
    ['a grant that is cut behind a notice', preludes['a notice in HTML'] + GRANT.slice(0, 30)],
    ['a grant that is cut behind a page', preludes['a whole page'] + GRANT.slice(0, 30)],
    ['a notice alone', preludes['a notice in HTML']],
    ['a page that shows a grant', `<html><body>${GRANT}</body></html>`],
    ['a page that shows a grant in entities', `<html>${GRANT.replaceAll('"', '&quot;')}</html>`],
    ['an OAuth error', JSON.stringify({ error: 'invalid_grant' })],
    ['a text', '"access"'],
    ['null', 'null'],
    ['nothing', ''],
  ])('may have spent what we sent, and is no grant, as %s', (_, text) => {
    for (const status of [200, 201, 204]) expect(read(status, text)).toEqual(unusable);
  });

  it('is no grant where a notice repeats what we sent', () => {
    const echo = JSON.stringify({ ...tokens, refresh_token: SENT, mall_id: 'test-mall' });
    expect(read(200, `Warning: unexpected form\n${echo}`)).toEqual(unusable);
    // A provider that does not rotate answers so.
    expect(read(200, echo)).toMatchObject(granted);
  });

  it.each(['<html><title>Busy</title></html>', '\n <!DOCTYPE html>\n<html>{margin:0}</html>'])(
    'has spent nothing as the page of somebody in its place: %s',
    (page) => {
      expect(read(200, page)).toEqual({ kind: 'failed', reason: 'not-json' });
    },
  );

  it.each([302, 400, 401, 500, 502])(
    'is never a grant with %i, but may have been one',
    (status) => {
      expect(read(status, GRANT)).toEqual(unusable);
      expect(read(status, preludes['a notice in HTML'] + GRANT)).toEqual(unusable);
    },
  );

  it('is a refusal behind a notice, too', () => {
    const text = '\u{FEFF}Warning: x\n{"error":"invalid_grant"}';
    expect(read(400, text)).toEqual({ kind: 'refused', reason: 'invalid_grant' });
    expect(read(200, text)).toEqual(unusable);
  });

  it('is judged in time, whatever it is', () => {
    const began = performance.now();
    for (const unit of ['{', '{"a":', '{"', '[', '<']) {
      expect(read(200, unit.repeat(256_000 / unit.length)).kind).toBe('unknown');
    }
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('decode', () => {
  it.each([
    ['UTF-8', Buffer.from(GRANT)],
    ['UTF-8 with its mark', Buffer.from(`\u{FEFF}${GRANT}`)],
    ['UTF-16LE with its mark', Buffer.from(`\u{FEFF}${GRANT}`, 'utf16le')],
    ['UTF-16BE with its mark', Buffer.from(`\u{FEFF}${GRANT}`, 'utf16le').swap16()],
  ])('reads %s', (_, bytes) => {
    expect(decode(bytes)).toBe(GRANT);
  });
});
