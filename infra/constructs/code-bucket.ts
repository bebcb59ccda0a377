import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import { AssetType, TerraformAsset, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { resourceName } from '../arns.ts';
import type { FunctionCode } from '../bundle.ts';
import type { StageConfig } from '../config.ts';

const ID = 'code-bucket';

/**
 * Where Lambda fetches the code of a stack's functions.
 *
 * Not handed over with the function itself: of functions that come from a file, the AWS provider
 * creates one after the other, and each takes 5 s (a lock in its `lambda/function.go`, read 2026-11).
 */
export class CodeBucket extends Construct {
  readonly #bucket: S3Bucket;

  /** The one of the stack, which is made when it is first asked for. */
  static of(scope: Construct, config: StageConfig): CodeBucket {
    const stack = TerraformStack.of(scope);
    const made = stack.node.tryFindChild(ID);
    return made instanceof CodeBucket ? made : new CodeBucket(stack, ID, config);
  }

  private constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    this.#bucket = new S3Bucket(this, 'bucket', {
      // Bucket names are global.
      bucket: resourceName(config, `code-${config.AWS_ACCOUNT_ID}-${config.AWS_REGION}`),
      // All that is in it can be built again.
      forceDestroy: true,
    });
  }

  /** Puts a function's code into the bucket, under the function's scope. */
  store(scope: Construct, name: string, { zipPath, sha256 }: FunctionCode): S3Object {
    const { path } = new TerraformAsset(scope, 'code', { path: zipPath, type: AssetType.FILE });
    return new S3Object(scope, 'stored-code', {
      bucket: this.#bucket.bucket,
      key: `${name}.zip`,
      source: path,
      sourceHash: sha256,
    });
  }
}
