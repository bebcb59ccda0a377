/**
 * Starts a local AWS of its own with its state in the folder of the first argument, says so in one
 * line, and stays: for tests that end a program that runs one.
 */
import { quietProgress } from '#infra/local/progress.ts';
import { startLocalAws } from '#infra/local/start-local-aws.ts';

const [stateFolder = ''] = process.argv.slice(2);
const { localAws } = await startLocalAws({ progress: quietProgress, stateFolder });
console.log(`started ${localAws.instanceId}`);
setInterval(() => undefined, 60_000);
