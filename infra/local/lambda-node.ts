import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const major = 22;

/**
 * The Node that runs the functions: 22, as nodejs22.x on AWS; the one that runs us, or the pinned
 * one of `node_modules` (Linux). Without either, the one that runs us, whatever it is.
 */
export function findLambdaNode(): string {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  try {
    const require = createRequire(import.meta.url);
    const manifest = require.resolve(`node-${process.platform}-${process.arch}/package.json`);
    const pinned = path.join(path.dirname(manifest), 'bin', 'node');
    return existsSync(pinned) ? pinned : process.execPath;
  } catch {
    return process.execPath;
  }
}
