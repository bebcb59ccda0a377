import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import type { StageConfig } from './config.ts';

/** Where the stack is deployed to, and where Terraform keeps what it knows of it. */
export function deployTo(config: StageConfig, stack: TerraformStack): void {
  new AwsProvider(stack, 'aws', {
    region: config.AWS_REGION,
    // Guards both ways: the account of a local AWS is 000000000000.
    allowedAccountIds: [config.AWS_ACCOUNT_ID],
    // A local AWS has no host name of its own for each bucket.
    ...(config.STAGE === 'local' && { s3UsePathStyle: true }),
    defaultTags: [{ tags: { application: config.NAME_PREFIX, stage: config.STAGE } }],
  });
  if (config.AWS_PROVIDER_VERSION) {
    stack.addOverride('terraform.required_providers.aws.version', config.AWS_PROVIDER_VERSION);
  }
  if (config.STATE_BUCKET) {
    new S3Backend(stack, {
      bucket: config.STATE_BUCKET,
      key: `${stack.node.id}.tfstate`,
      region: config.AWS_REGION,
      encrypt: true,
    });
    stack.addOverride('terraform.backend.s3.use_lockfile', true);
    return;
  }
  // In the output folder, of which each local AWS has its own. Relative to the stack's folder in it:
  // the same on every checkout path.
  new LocalBackend(stack, { path: '../../terraform.tfstate' });
}
