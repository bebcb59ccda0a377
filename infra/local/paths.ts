import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** All that the local AWS installs, records and logs lies here; git ignores it. */
export const localFolder = path.join(projectFolder, '.local');
