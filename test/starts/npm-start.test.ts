import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localLambda } from '#infra/local/deployed-code.ts';
import { findRunningLocalAws } from '#infra/local/start-local-aws.ts';
import {
  inTheMiddleOfTheDeploy,
  listening,
  portsOf,
  type StartedProject,
  startedProject,
} from '#test/support/npm-start.ts';

const gone = { timeout: 30_000, interval: 200 };

let project: StartedProject;
let before: readonly string[];

beforeEach(async () => {
  project = await startedProject();
  before = await project.traces();
});
afterEach(() => project.remove());

async function expectNothingLeft(ports: readonly number[]): Promise<void> {
  await expect.poll(() => project.processes(), gone).toEqual([]);
  await expect.poll(() => listening(ports), gone).toEqual([]);
  expect(await project.traces()).toEqual(before);
  expect(await findRunningLocalAws(project.stateFolder)).toBeUndefined();
}

/** What announce-cafe24-codes says of a mall that has no code. */
async function messageOf(mallId: string): Promise<string> {
  const localAws = (await findRunningLocalAws(project.stateFolder))!;
  const { Payload } = await localLambda(localAws).send(
    new InvokeCommand({
      FunctionName: 'tokenline-announce-cafe24-codes',
      Payload: JSON.stringify({ mallId }),
    }),
  );
  return (JSON.parse(Payload?.transformToString() ?? '') as { message: string }).message;
}

test(
  'killed in the middle of a deploy, it leaves nothing; the next one watches, shares, and leaves nothing',
  { timeout: 600_000 },
  async () => {
    const killed = project.npmStart([]);
    await inTheMiddleOfTheDeploy(project);
    const portsOfKilled = await portsOf(project);
    // npm alone: nobody tells the others, and no terminal is theirs any more.
    process.kill(killed.pid, 'SIGKILL');
    await expectNothingLeft(portsOfKilled);

    const watching = project.npmStart(['--watch']);
    await expect
      .poll(() => existsSync(path.join(project.stateFolder, 'start.lock')), gone)
      .toBe(true);
    const second = project.npmStart([]);
    await watching.says('Watching the sources of');
    await watching.says('It stays up until Ctrl-C.');
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('Use the local AWS that runs');
    expect(second.output()).not.toContain('until Ctrl-C');

    await expect.poll(() => messageOf('e2e-120'), gone).toContain('is stored.');
    const file = 'functions/announce-cafe24-codes/announce-newest.ts';
    await project.edit(file, 'is stored.', 'was found.');
    await watching.says('✔ announce-cafe24-codes: is live', 30_000);
    await expect.poll(() => messageOf('e2e-120'), gone).toContain('was found.');

    const ports = await portsOf(project);
    watching.signalAll('SIGINT');
    await watching.ended;
    await project.edit(file, 'was found.', 'is stored.');
    await expectNothingLeft(ports);
  },
);

test(
  'killed with all that is in the foreground in the middle of a deploy, it leaves nothing',
  { timeout: 300_000 },
  async () => {
    const killed = project.npmStart([]);
    await inTheMiddleOfTheDeploy(project);
    const ports = await portsOf(project);

    killed.signalAll('SIGKILL');

    await expectNothingLeft(ports);
  },
);
