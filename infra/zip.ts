import { zipSync, type Zippable } from 'fflate';

/** The earliest day that a zip can name, at noon, so that no time zone moves it out of range. */
const FIXED_TIME = new Date(1980, 0, 2, 12);
const UNIX = 3;
const READABLE_FILE = 0o644 << 16;

/** A zip whose bytes depend on the files' names and contents only: no times, no order, no owner. */
export function deterministicZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries: Zippable = {};
  for (const name of Object.keys(files).sort()) {
    const content = files[name];
    if (content) entries[name] = [content, { mtime: FIXED_TIME, os: UNIX, attrs: READABLE_FILE }];
  }
  return zipSync(entries, { level: 9 });
}
