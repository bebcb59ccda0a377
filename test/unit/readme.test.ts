import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENTS } from '#events/index.ts';
import { STAGE_VARIABLES } from '#infra/config.ts';
import { pasteableCommands } from '#infra/local/commands.ts';

const project = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', project), 'utf8');

/** The first cells of the table in a section, without the head; names in backticks, split. */
function firstCells(section: string): string[] {
  const text = readme.split(/^## /m).find((it) => it.startsWith(section)) ?? '';
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}

describe('README', () => {
  it('lists every function, and no other', () => {
    const folders = readdirSync(new URL('functions/', project)).filter((it) => it !== 'shared');
    expect(firstCells('Functions').sort()).toEqual(folders.sort());
  });

  it('lists every event, and no other', () => {
    expect(firstCells('Events').sort()).toEqual(EVENTS.map((it) => it.detailType).sort());
  });

  it('lists every variable of the deployer, and no other', () => {
    expect(firstCells('Configuration').sort()).toEqual([...STAGE_VARIABLES].sort());
  });

  it("prints the shell's sender as `npm start` prints it", () => {
    const apiUrl = 'http://127.0.0.1:4566/restapis/<id>/local/_user_request_';
    const queue = { functionName: '', queueUrl: '', deadLetterQueueUrl: '' };
    const commands = pasteableCommands(
      { endpointUrl: '', region: '' },
      { apiUrl, busName: '', exchangeCafe24Code: queue, announceCafe24Codes: queue },
    );
    const lines = commands
      .filter(({ tool }) => tool === 'curl')
      .flatMap(({ text }) => text.split('\n'));
    const [block = ''] = readme.split(`\`\`\`sh\nAPI=`).slice(1);
    const printed = `API=${block.split('```')[0] ?? ''}`.trim().split('\n');
    expect(printed).toEqual([...new Set(lines)]);
  });

  it('lists every layer of `npm test`', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', project), 'utf8')) as {
      scripts: { test: string };
    };
    const layers = [...scripts.test.matchAll(/--project (\w+)/g)].map(([, layer = '']) => layer);
    expect(layers.length).toBeGreaterThan(2);
    expect(firstCells('Tests')).toEqual(expect.arrayContaining(layers));
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', project), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, it = '']) => it);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((it) => scripts[it] === undefined)).toEqual([]);
  });
});
