import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { showEach } from '#infra/local/demonstration-steps.ts';
import { asExpected, parsedJson } from '#infra/local/expected.ts';
import { printedJourney } from '#infra/local/journey.ts';

describe('the demonstration', () => {
  it('goes on after a step that failed, says why without a stack, and is not all shown', async () => {
    const lines: string[] = [];
    const tell = (title: string) => printedJourney(title, (line) => lines.push(line));
    const failing = async () => {
      await Promise.resolve();
      asExpected(z.string(), 500, { what: 'The answer', expected: 'a text' });
    };
    const steps = [
      { title: 'first', show: failing },
      { title: 'second', show: () => Promise.resolve() },
    ];
    const isAllShown = await showEach(steps, tell);
    expect(isAllShown).toBe(false);
    const text = lines.join('\n');
    expect(text).toContain('The answer: expected a text');
    expect(text).not.toMatch(/ZodError|\n\s+at /);
    expect(text.indexOf('second')).toBeGreaterThan(text.indexOf('The answer'));
  });

  it('is all shown when every step comes to its end', async () => {
    const tell = (title: string) => printedJourney(title, () => undefined);
    expect(await showEach([{ title: 'one', show: () => Promise.resolve() }], tell)).toBe(true);
  });
});

describe('what a step found', () => {
  const Answer = z.object({ statusCode: z.literal(200), token: z.string() });

  it('is named by its fields where it may hold a secret, and never quoted', () => {
    const value = { statusCode: 200, token: ['sesame'] };
    const read = () => asExpected(Answer, value, { what: '/claroshop/token', expected: 'tokens' });
    expect(read).toThrow(/^\/claroshop\/token: expected tokens, token: /);
    expect(read).not.toThrow(/sesame/);
  });

  it('is shown where it holds none', () => {
    const finding = { what: 'The answer', expected: 'status 200', found: '{"statusCode":500}' };
    expect(() => asExpected(Answer, { statusCode: 500 }, finding)).toThrow(
      'The answer: expected status 200, found {"statusCode":500}',
    );
  });

  it.each([undefined, '', 'token=sesame', '<html>'])('may be no JSON: %j', (text) => {
    expect(parsedJson(text)).toBeUndefined();
  });
});
