// First half of `npm run build:client`: an empty build/client with the package.json of the package.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import root from '../package.json' with { type: 'json' };

const EVENTBRIDGE = '@aws-sdk/client-eventbridge';
const SSM = '@aws-sdk/client-ssm';
const folder = new URL('../build/client/', import.meta.url);

const manifest = {
  name: '@tokenline/client',
  version: root.version,
  description: 'Events of tokenline, a publisher for them, and readers of its tokens.',
  license: root.license,
  type: root.type,
  engines: root.engines,
  exports: { '.': { types: './client/index.d.ts', default: './client/index.js' } },
  dependencies: { zod: `^${root.dependencies.zod}` },
  // The application makes the clients, so it chooses the SDK.
  peerDependencies: {
    [EVENTBRIDGE]: `^${root.dependencies[EVENTBRIDGE]}`,
    [SSM]: `^${root.dependencies[SSM]}`,
  },
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('package.json', folder), `${JSON.stringify(manifest, null, 2)}\n`);
