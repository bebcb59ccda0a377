import { App } from 'cdktf';
import { bundleFunctions, functionNames } from './bundle.ts';
import { readStageConfig } from './config.ts';
import { PipelineStack } from './pipeline-stack.ts';

const config = readStageConfig(process.env);
const code = await bundleFunctions(await functionNames());
const app = new App();
new PipelineStack(app, { config, code });
app.synth();
