import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installDynamoDbLocal } from '#infra/local/dynamodb-local.ts';
import { findJava } from '#infra/local/java.ts';
import { freePort, isListening } from '#infra/local/ports.ts';
import { localFolder } from '#infra/local/paths.ts';
import { terminalProgress } from '#infra/local/progress.ts';
import { findPython } from '#infra/local/python.ts';

const START_SECONDS = 60;

/** A DynamoDB Local of its own, in memory, on 127.0.0.1 and with nothing before it. */
export async function startDynamoDbLocal() {
  const progress = terminalProgress();
  const folder = await installDynamoDbLocal(progress);
  const java = await findJava({ python: await findPython(), progress });
  const port = await freePort(0);
  const libraries = path.join(folder, 'DynamoDBLocal_lib');
  const classPath = [path.join(folder, '*'), path.join(libraries, '*')].join(path.delimiter);
  const server = spawn(
    java,
    [
      ...['-Xmx1g', '-Djava.net.preferIPv4Stack=true'],
      ...[`-Djava.library.path=${libraries}`, `-Dsqlite4java.library.path=${libraries}`],
      ...['-cp', classPath, 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner'],
      ...['-port', String(port), '-inMemory'],
    ],
    // It writes a file of its own where it runs.
    { cwd: localFolder, stdio: 'ignore' },
  );
  process.once('exit', () => server.kill());
  for (let second = 0; !(await isListening(port)); second += 1) {
    if (second === START_SECONDS) throw new Error('DynamoDB Local does not listen.');
    await pause(1_000);
  }
  return { endpointUrl: `http://127.0.0.1:${String(port)}`, stop: () => server.kill() };
}
