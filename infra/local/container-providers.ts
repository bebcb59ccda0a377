// The scripted providers in a container: see docker-compose.localstack.yml.
import { startCafe24Provider } from '#test/support/cafe24-provider/server.ts';
import { startClaroshopProvider } from '#test/support/claroshop-provider/server.ts';
import {
  cafe24Application,
  claroshopClientId,
  claroshopUsername,
  containerSecrets,
  usualPorts,
} from './settings.ts';

/** All interfaces of the container: its ports are published on 127.0.0.1 only. */
const host = '0.0.0.0';

const cafe24 = await startCafe24Provider({
  ...cafe24Application,
  clientSecret: containerSecrets.cafe24ClientSecret,
  port: usualPorts.cafe24,
  host,
});
console.log(`Cafe24: ${cafe24.apiUrl}`);
const claroshop = await startClaroshopProvider({
  clientId: claroshopClientId,
  accounts: [{ username: claroshopUsername, password: containerSecrets.claroshopPassword }],
  port: usualPorts.claroshop,
  host,
});
console.log(`ClaroShop: ${claroshop.tokenUrl}`);

// Node is the container's first process, which ignores signals that nobody listens to.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    void cafe24.stop();
    void claroshop.stop();
  });
}
