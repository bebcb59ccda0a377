import { App } from 'cdktf';
import { bundleFunctions } from './bundle.ts';
import { readStageConfig } from './config.ts';
import { PipelineStack } from './pipeline-stack.ts';

const config = readStageConfig(process.env);
const code = await bundleFunctions([
  'exchange-cafe24-code',
  'migrate-database',
  'recover-cafe24-grants',
  'refresh-cafe24-token',
  'warn-cafe24-expiry',
]);
const app = new App();
new PipelineStack(app, { config, code });
app.synth();
