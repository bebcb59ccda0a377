import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { build, context, type BuildContext, type Metafile } from 'esbuild';
import { bundleOptions, zipFunction } from '../bundle.ts';

/** The functions of a project, each built alone, and faster each time. */
export interface FunctionBuilds {
  readonly names: readonly string[];
  /** Which of them a change of these files (relative to the project) can change. */
  affectedBy(files: ReadonlySet<string>): readonly string[];
  /**
   * @returns the archive, byte for byte that of a deploy.
   * @throws BuildFailure of esbuild: the sources don't compile. Until they do, every change affects
   *   the function, since what mends it may be a file that it has never read.
   */
  zip(name: string): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** @param folder the project's, with `functions/`. @throws BuildFailure as they are now, some fail. */
export async function functionBuilds(folder: string): Promise<FunctionBuilds> {
  const entries = await readdir(path.join(folder, 'functions'));
  const names = entries.filter((it) =>
    existsSync(path.join(folder, 'functions', it, 'handler.ts')),
  );
  const options = { write: false, metafile: true, sourcemap: false, logLevel: 'silent' } as const;
  const optionsOf = (of: readonly string[]) => ({
    ...bundleOptions(of, folder),
    ...options,
    outdir: 'out',
  });
  const { metafile } = await build(optionsOf(names));
  const inputs = new Map(names.map((name) => [name, inputsOf(name, metafile)]));
  const contexts = new Map<string, Promise<BuildContext<ReturnType<typeof optionsOf>>>>();
  const broken = new Set<string>();
  return {
    names,
    affectedBy: (files) =>
      names.filter(
        (name) =>
          broken.has(name) ||
          [...files].some((it) => inputs.get(name)?.has(it) === true || isBesideTheCode(name, it)),
      ),
    async zip(name) {
      const opened = contexts.get(name) ?? context(optionsOf([name]));
      contexts.set(name, opened);
      broken.add(name);
      const built = await (await opened).rebuild();
      broken.delete(name);
      inputs.set(name, inputsOf(name, built.metafile));
      const [bundle] = built.outputFiles;
      if (bundle === undefined) throw new Error(`esbuild made nothing of ${name}.`);
      return zipFunction(name, bundle.contents, folder);
    },
    async dispose() {
      await Promise.all([...contexts.values()].map(async (it) => (await it).dispose()));
    },
  };
}

function inputsOf(name: string, { outputs }: Metafile): ReadonlySet<string> {
  return new Set(Object.keys(outputs[`out/${name}/index.mjs`]?.inputs ?? {}));
}

/** Migrations, for instance: they go into the archive as they are. */
function isBesideTheCode(name: string, file: string): boolean {
  return file.startsWith(`functions/${name}/`) && !file.endsWith('.ts');
}
