import { spawnSync } from 'node:child_process';

/**
 * A command that runs the one behind it in namespaces of its own, as the user who runs this;
 * `undefined` where the system does not let us make them.
 */
export type Namespace = readonly string[] | undefined;

/** Without any network but the loopback. */
export function withoutNetwork(): Namespace {
  return usable(inNamespace('--net', 'ip link set lo up'));
}

/** With a disk of its own, as small as that, in place of the folder. */
export function withSmallDisk(folder: string, megabytes: number): Namespace {
  const mount = `mount -t tmpfs -o size=${megabytes}m,mode=711 tokenline '${folder}'`;
  return usable(inNamespace('--mount', mount));
}

/**
 * Who is not root may become it in a user namespace of his own, for as long as the preparation
 * takes; then he is himself again, in another one. Root just makes the namespace: in a user namespace
 * of its own it could not start Postgres as somebody else.
 */
function inNamespace(kind: '--net' | '--mount', preparation: string): readonly string[] {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (uid === 0) return ['unshare', kind, 'sh', '-c', `${preparation} && exec "$@"`, 'sh'];
  const asBefore = `exec unshare --user --map-user=${uid} --map-group=${gid} "$@"`;
  return ['unshare', '--map-root-user', kind, 'sh', '-c', `${preparation} && ${asBefore}`, 'sh'];
}

function usable(namespace: readonly string[]): Namespace {
  const [command = '', ...args] = namespace;
  return spawnSync(command, [...args, 'true']).status === 0 ? namespace : undefined;
}
