import { createHash } from 'node:crypto';
import { existsSync, type Dirent } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { deterministicZip } from './zip.ts';

/** A function's code, ready to be handed to Lambda. */
export interface FunctionCode {
  readonly zipPath: string;
  /** Base64 SHA-256 of the zip, as Lambda reports it. */
  readonly sha256: string;
}

/** CommonJS packages (pg) call `require`, which an ES module does not have. */
const REQUIRE_FOR_COMMONJS = [
  `import { createRequire as requireFrom } from 'node:module';`,
  `const require = requireFrom(import.meta.url);`,
].join('');

const projectFolder = path.join(import.meta.dirname, '..');

/** All functions: the folders with a handler. */
export async function functionNames(): Promise<readonly string[]> {
  const folders = await readdir(path.join(projectFolder, 'functions'), { withFileTypes: true });
  const isFunction = ({ parentPath, name }: Dirent) =>
    existsSync(path.join(parentPath, name, 'handler.ts'));
  return folders.filter(isFunction).map(({ name }) => name);
}

/** @throws Error there is no code of that function. */
export type CodeOf = (name: string) => FunctionCode;

/**
 * Makes `<name>.zip` of each function in `build/functions/`: its handler with all that it imports,
 * and what else its folder has (migrations) at the same place beside it. The same sources give the
 * same bytes, wherever the checkout lies.
 *
 * The SDK is bundled: what was tested is what runs, not what Lambda's runtime brings that week. The
 * source map stays in `build/`: nothing is minified, so a stack trace reads well without it.
 */
export async function bundleFunctions(
  names: readonly string[],
  outputFolder = path.join(projectFolder, 'build', 'functions'),
): Promise<CodeOf> {
  // All in one build: what they share is read and parsed once.
  await build({ ...bundleOptions(names, projectFolder), outdir: outputFolder });
  const made = names.map(async (name) => {
    const bundle = await readFile(path.join(outputFolder, name, 'index.mjs'));
    const zip = await zipFunction(name, bundle, projectFolder);
    const zipPath = path.join(outputFolder, `${name}.zip`);
    await writeFile(zipPath, zip);
    return [name, { zipPath, sha256: sha256Of(zip) }] as const;
  });
  const codes = new Map(await Promise.all(made));
  return (name) => {
    const code = codes.get(name);
    if (!code) throw new Error(`${name} is not among the functions that were bundled.`);
    return code;
  };
}

/** How the functions of a project are bundled; whoever builds with it gets the bytes of a deploy. */
export function bundleOptions(names: readonly string[], folder: string) {
  return {
    absWorkingDir: folder,
    entryPoints: names.map((name) => ({
      in: `functions/${name}/handler.ts`,
      out: `${name}/index`,
    })),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    banner: { js: REQUIRE_FOR_COMMONJS },
    keepNames: true,
    sourcemap: 'external',
    logLevel: 'warning',
  } satisfies BuildOptions;
}

/** The archive of a function: its bundle, and what else its folder in the project has. */
export async function zipFunction(
  name: string,
  bundle: Uint8Array,
  folder: string,
): Promise<Uint8Array> {
  const files = await filesBesideTheCode(path.join(folder, 'functions', name));
  return deterministicZip({ ...files, 'index.mjs': bundle });
}

/** As Lambda reports it. */
export function sha256Of(zip: Uint8Array): string {
  return createHash('sha256').update(zip).digest('base64');
}

/** Contents by path relative to the function's folder; what is TypeScript is in the bundle. */
async function filesBesideTheCode(folder: string): Promise<Record<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const named = files.map(async (file) => {
    const name = path.relative(folder, file).replaceAll(path.sep, '/');
    return [name, await readFile(file)] as const;
  });
  return Object.fromEntries(await Promise.all(named));
}
