import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { factsOf, isAlive } from '#infra/local/processes.ts';

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

/** @returns what the shell said in its first line. */
async function shell(script: string): Promise<string> {
  const spawned = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = spawned;
  const [line] = (await once(createInterface({ input: spawned.stdout }), 'line')) as [string];
  return line;
}

describe('a process', () => {
  test('has a parent, a command and a start that is its own', async () => {
    await shell('echo up; exec sleep 60');
    const facts = (await factsOf(child!.pid!))!;

    expect(facts).toMatchObject({ parent: process.pid, isZombie: false });
    await expect.poll(async () => (await factsOf(child!.pid!))?.command).toBe('sleep 60');
    expect(await isAlive(child!.pid!, facts.start)).toBe(true);
    expect(await isAlive(child!.pid!, '')).toBe(true);
  });

  test('that has got the number of one that ended is not taken for it', async () => {
    await shell('echo up; exec sleep 60');
    expect(await isAlive(child!.pid!, 'another start')).toBe(false);
  });

  test('that has ended is not alive, though nobody has asked how it ended', async () => {
    // sleep never waits for the child that was the shell's.
    const pid = Number(await shell('sleep 61 & echo $!; exec sleep 60'));
    await expect.poll(async () => (await factsOf(child!.pid!))?.command).toBe('sleep 60');
    expect(await isAlive(pid, '')).toBe(true);
    process.kill(pid);

    await expect.poll(async () => (await factsOf(pid))?.isZombie).toBe(true);
    expect(await isAlive(pid, '')).toBe(false);
  });

  test('that is gone is not alive', async () => {
    await shell('echo up; exec sleep 60');
    const pid = child!.pid!;
    const closed = once(child!, 'close');
    child!.kill('SIGKILL');
    await closed;

    expect(await factsOf(pid)).toBeUndefined();
    expect(await isAlive(pid, '')).toBe(false);
  });
});
