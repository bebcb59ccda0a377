// The scripted providers in a container: see docker-compose.localstack.yml.
import { startCafe24Provider } from '#test/support/cafe24-provider/server.ts';
import { cafe24Application, containerSecrets, usualPorts } from './settings.ts';

const cafe24 = await startCafe24Provider({
  ...cafe24Application,
  clientSecret: containerSecrets.cafe24ClientSecret,
  port: usualPorts.cafe24,
  host: '0.0.0.0',
});
console.log(`Cafe24: ${cafe24.apiUrl}`);

// Node is the container's first process, which ignores signals that nobody listens to.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    void cafe24.stop();
  });
}
