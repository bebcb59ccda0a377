import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findLambdaNode } from '#infra/local/lambda-node.ts';

/** What the container runs, on a port that is free here. */
const PROGRAM = `
  const { startCafe24Provider } = await import('./test/support/cafe24-provider/server.ts');
  const { startClaroshopProvider, tokenPath } = await import('./test/support/claroshop-provider/server.ts');
  const { cafe24Application } = await import('./infra/local/settings.ts');
  const provider = await startCafe24Provider({
    ...cafe24Application, clientSecret: 'secret', host: '0.0.0.0' });
  console.log((await fetch(new URL('/', provider.controlUrl))).status);
  await provider.stop();
  const claroshop = await startClaroshopProvider({ clientId: 'a', accounts: [], host: '0.0.0.0' });
  const atPath = new URL(tokenPath, claroshop.controlUrl).href;
  console.log(atPath === claroshop.tokenUrl, (await fetch(claroshop.tokenUrl)).status);
  await claroshop.stop();`;

it('Node 22 runs the scripted providers without tsx, as the container does', async () => {
  const args = ['--no-warnings', '--input-type=module', '--eval', PROGRAM];
  const { stdout } = await promisify(execFile)(findLambdaNode(), args);
  expect(stdout.trim()).toBe('404\ntrue 405');
});
