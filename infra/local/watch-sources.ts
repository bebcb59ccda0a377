import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';

interface Listener {
  readonly onChange: (file: string) => void;
  readonly onError: (error: Error) => void;
}

/**
 * Calls back with each file that is written, made, replaced or removed in the folders.
 *
 * Watches each folder by itself: on Linux, Node 20's recursive watch watches each file, and loses one
 * that an editor replaces at the first save.
 *
 * @param folder the project's; files are told relative to it, with `/`.
 */
export function watchSources(
  folder: string,
  sources: readonly string[],
  { onChange, onError }: Listener,
): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  const watchFolder = (relative: string) => {
    // One that was removed and made again is another one.
    watchers.get(relative)?.close();
    const watcher = watch(path.join(folder, relative), (_, name) => {
      if (name !== null) changed(`${relative}/${name}`);
    });
    watchers.set(relative, watcher.on('error', onError));
    return readdirSync(path.join(folder, relative), { withFileTypes: true });
  };
  const changed = (relative: string) => {
    if (!isFolder(path.join(folder, relative))) onChange(relative);
    else for (const { name } of watchFolder(relative)) changed(`${relative}/${name}`);
  };
  const begin = (relative: string) => {
    for (const entry of watchFolder(relative)) {
      if (entry.isDirectory()) begin(`${relative}/${entry.name}`);
    }
  };
  for (const source of sources) begin(source);
  return {
    close: () => {
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}
