/**
 * Installs into the folder of the first argument, for ever: with a command that starts another
 * process in a session of its own. Both have the second argument in their command line. For tests
 * that end a program in the middle of an installation.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installOnce } from '#infra/local/install.ts';
import { quietProgress } from '#infra/local/progress.ts';
import { runCommand } from '#infra/local/run-command.ts';

const [folder = '', token = ''] = process.argv.slice(2);
const STAY = 'setInterval(() => {}, 1000)';
const START_ANOTHER = `
  const options = { detached: true, stdio: 'ignore' };
  require('node:child_process').spawn(process.execPath, ['-e', '${STAY}', '${token}'], options);
  require('node:fs').writeFileSync('half', '');
  ${STAY}`;

const fill = async (temporary: string) => {
  const command = runCommand(process.execPath, ['-e', START_ANOTHER, token], { cwd: temporary });
  while (!existsSync(path.join(temporary, 'half'))) await sleep(20);
  console.log('half installed');
  await command;
};
await installOnce({ title: 'Install a tool', folder, fill }, quietProgress);
