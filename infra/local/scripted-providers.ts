import { randomBytes } from 'node:crypto';
import { startCafe24Provider } from '#test/support/cafe24-provider/server.ts';
import { startClaroshopProvider } from '#test/support/claroshop-provider/server.ts';
import type { LocalAws } from './local-aws.ts';
import { onFreePort } from './ports.ts';
import { asStep, type Progress } from './progress.ts';
import { cafe24Application, claroshopClientId, claroshopUsername, usualPorts } from './settings.ts';

export interface ScriptedProviders extends Pick<LocalAws, 'cafe24' | 'claroshop'> {
  readonly stop: () => Promise<void>;
}

/** Starts the providers of grants in this process, as strict as the real ones; both or none. */
export async function startScriptedProviders(progress: Progress): Promise<ScriptedProviders> {
  const { stop: stopCafe24, ...cafe24 } = await startCafe24(progress);
  try {
    const { stop: stopClaroshop, ...claroshop } = await startClaroshop(progress);
    const stop = async () => {
      await Promise.all([stopCafe24(), stopClaroshop()]);
    };
    return { cafe24, claroshop, stop };
  } catch (error) {
    await stopCafe24();
    throw error;
  }
}

const invented = () => randomBytes(18).toString('base64url');

async function startCafe24(progress: Progress) {
  const application = { ...cafe24Application, clientSecret: invented() };
  const start = () =>
    onFreePort(usualPorts.cafe24, (port) => startCafe24Provider({ port, ...application }));
  const step = progress.step('Start the scripted Cafe24');
  return { ...(await asStep(step, start, ({ apiUrl }) => apiUrl)), ...application };
}

async function startClaroshop(progress: Progress) {
  const account = { username: claroshopUsername, password: invented() };
  const realm = { clientId: claroshopClientId, accounts: [account] };
  const start = () =>
    onFreePort(usualPorts.claroshop, (port) => startClaroshopProvider({ port, ...realm }));
  const step = progress.step('Start the scripted ClaroShop');
  return { ...(await asStep(step, start, ({ tokenUrl }) => tokenUrl)), ...account };
}
