import { App } from 'cdktf';
import { bundleFunctions } from './bundle.ts';
import { readStageConfig } from './config.ts';
import { PipelineStack } from './pipeline-stack.ts';

const config = readStageConfig(process.env);
const code = await bundleFunctions([
  'announce-cafe24-codes',
  'authenticate-user',
  'backfill-sla-errors',
  'exchange-cafe24-code',
  'find-sla-errors',
  'migrate-database',
  'obtain-claroshop-token',
  'receive-cafe24-code',
  'record-sla-errors',
  'recover-cafe24-grants',
  'refresh-cafe24-token',
  'refresh-claroshop-token',
  'start-cafe24-authorization',
  'submit-sla-errors',
  'warn-cafe24-expiry',
  'warn-claroshop-expiry',
]);
const app = new App();
new PipelineStack(app, { config, code });
app.synth();
