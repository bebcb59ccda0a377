import { expect, test } from 'vitest';
import { asStep, terminalProgress } from '#infra/local/progress.ts';

function recorded(isTTY: boolean, environment: NodeJS.ProcessEnv = {}) {
  const lines: string[] = [];
  const stream = { isTTY, write: (text: string) => lines.push(text) };
  return { lines, progress: terminalProgress(stream, environment) };
}

test('a step that is done says its detail and its seconds', () => {
  const { lines, progress } = recorded(false);

  progress.step('Start').done('http://127.0.0.1:1');

  expect(lines).toEqual(['✔ Start: http://127.0.0.1:1 (0.0 s)\n']);
});

test('a step whose work throws fails with the first line of the reason, and the error goes on', async () => {
  const { lines, progress } = recorded(false);
  const work = () => Promise.reject(new Error('no port\nand a long log'));

  await expect(asStep(progress.step('Start'), work)).rejects.toThrow('no port');

  expect(lines).toEqual(['✘ Start: no port (0.0 s)\n']);
});

test.each([
  { name: 'a terminal has colours', isTTY: true, environment: {}, coloured: true },
  { name: 'a file has none', isTTY: false, environment: {}, coloured: false },
  { name: 'NO_COLOR has none', isTTY: true, environment: { NO_COLOR: '1' }, coloured: false },
])('$name', ({ isTTY, environment, coloured }) => {
  const { lines, progress } = recorded(isTTY, environment);

  progress.step('Start').done();

  expect(lines.join('').includes('\u001b[')).toBe(coloured);
});
