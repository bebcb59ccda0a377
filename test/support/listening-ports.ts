import { readdir, readFile, readlink } from 'node:fs/promises';
import type { LocalAws } from '#infra/local/local-aws.ts';

/** In `/proc/net/tcp`: https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html */
const LISTEN = '0A';

/** All ports that a record of a local AWS names, in its URLs and by themselves. */
export function recordedPorts(localAws: LocalAws): readonly number[] {
  const urls = JSON.stringify(localAws).matchAll(/http:\/\/[^:/"]+:(\d+)/g);
  const ports = [...urls].map(([, port]) => Number(port));
  return [...new Set([...ports, localAws.postgres.port])];
}

/** The TCP ports that these processes listen on, where the system tells it (Linux). */
export async function listeningPorts(pids: readonly number[]): Promise<readonly number[]> {
  const [tables, sockets] = await Promise.all([
    Promise.all(['tcp', 'tcp6'].map((name) => textOf(`/proc/net/${name}`))),
    Promise.all(pids.map(socketsOf)),
  ]);
  const owned = new Set(sockets.flat());
  const ports = tables
    .flatMap((table) => table.split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN && owned.has(`socket:[${fields[9] ?? ''}]`))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
  return [...new Set(ports)];
}

async function socketsOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${String(pid)}/fd`;
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}

const textOf = (file: string) => readFile(file, 'utf8').catch(() => '');
