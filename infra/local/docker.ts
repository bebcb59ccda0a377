// `npm run docker [-- down]`: the local AWS in containers, in place of the one that `npm start` starts.
import './own-environment.ts';
import { startContainers, stopContainers } from './containers.ts';
import { eventually } from './eventually.ts';
import { readInstanceId } from './local-stack.ts';
import { localFolder, projectFolder } from './paths.ts';
import { requireDocker } from './require-docker.ts';
import { runCommand } from './run-command.ts';
import { findRunningLocalAws, recordFileIn } from './start-local-aws.ts';

const means = {
  docker: async (args: readonly string[]) => {
    console.log(await runCommand('docker', args, { cwd: projectFolder }));
  },
  readInstanceId: (endpointUrl: string) =>
    eventually(() => readInstanceId(endpointUrl), 'LocalStack with its plugin', 120_000),
  recordFile: recordFileIn(localFolder),
};

try {
  await requireDocker();
  await (process.argv[2] === 'down' ? stopContainers(means) : start());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const running = await findRunningLocalAws();
  if (running !== undefined) {
    throw new Error(`A local AWS runs in this folder already: ${running.endpointUrl}`);
  }
  const { endpointUrl } = await startContainers(means);
  console.log(`LocalStack in a container: ${endpointUrl}`);
  console.log('npm start deploys to it. It stays up until: npm run docker -- down');
}
