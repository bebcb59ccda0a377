import { TerraformStack } from 'cdktf';
import { expect, test } from 'vitest';
import { deployTo } from '#infra/backend.ts';
import { readStageConfig } from '#infra/config.ts';
import { QueueWorker, type WorkerSettings } from '#infra/constructs/queue-worker.ts';
import { DEV_ENVIRONMENT, synthesizeStack } from '#test/support/synthesized-stack.ts';

const SETTINGS: WorkerSettings = {
  name: 'count-sheep',
  timeoutSeconds: 20,
  batchSize: 10,
  retry: { horizonSeconds: 60, firstDelaySeconds: 1, maxDelaySeconds: 8 },
};

function queueOf(settings: WorkerSettings) {
  const config = readStageConfig(DEV_ENVIRONMENT);
  const stack = synthesizeStack((app, code) => {
    const made = new TerraformStack(app, 'workers');
    deployTo(config, made);
    new QueueWorker(made, settings.name, {
      config,
      settings,
      code,
      maximumConcurrency: 2,
      access: [],
    });
    return made;
  });
  return stack.named('aws_sqs_queue', 'tokenline-count-sheep');
}

test('a message stays hidden for 6 x the timeout of the function', () => {
  expect(queueOf(SETTINGS).visibility_timeout_seconds).toBe(120);
});

test('settings can name an exception', () => {
  const exception = { ...SETTINGS, visibilityTimeoutSeconds: 25 };

  expect(queueOf(exception).visibility_timeout_seconds).toBe(25);
});
