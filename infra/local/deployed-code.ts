import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { settingsOf } from './clients.ts';
import { eventually } from './eventually.ts';
import type { LocalAws } from './local-aws.ts';

/** What a function's code is to be. */
interface Code {
  readonly functionName: string;
  readonly zip: Uint8Array;
  /** As Lambda reports it. */
  readonly sha256: string;
}

/** A client that reaches nothing but the local AWS. */
export function localLambda(localAws: LocalAws): LambdaClient {
  return new LambdaClient(settingsOf(localAws));
}

/** @returns whether it had another code; then the new one is live. */
export async function replaceCode(
  lambda: LambdaClient,
  { functionName: FunctionName, zip, sha256 }: Code,
): Promise<boolean> {
  const configuration = () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  if ((await configuration()).CodeSha256 === sha256) return false;
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip }));
  await eventually(async () => {
    const { LastUpdateStatus } = await configuration();
    return LastUpdateStatus === 'Successful' ? true : undefined;
  }, `the new code of ${FunctionName}`);
  return true;
}

const Synthesized = z.object({
  resource: z.object({
    aws_lambda_function: z.record(
      z.string(),
      // `s3_key` refers to the object: `${aws_s3_object.<id>.key}`.
      z.object({ function_name: z.string(), s3_key: z.string(), source_code_hash: z.string() }),
    ),
    aws_s3_object: z.record(z.string(), z.object({ source: z.string() })),
  }),
});
type Resources = z.infer<typeof Synthesized>['resource'];

/**
 * Gives every function the code that was just deployed, where something else has put another there.
 *
 * Terraform does not notice: the AWS provider compares a function's hash with the one that it wrote
 * down itself, not with Lambda's (5.100.0, seen). After watching, and sources that were put back, its
 * deploy would have nothing to change and leave the watched code.
 *
 * @param stackFolder of cdktf's output, with `cdk.tf.json`.
 */
export async function restoreDeployedCode(localAws: LocalAws, stackFolder: string): Promise<void> {
  const text = await readFile(path.join(stackFolder, 'cdk.tf.json'), 'utf8');
  const { resource } = Synthesized.parse(JSON.parse(text));
  const lambda = localLambda(localAws);
  await Promise.all(
    Object.values(resource.aws_lambda_function).map(async (deployed) => {
      const { function_name: functionName, s3_key: key, source_code_hash: sha256 } = deployed;
      const zip = await readFile(path.join(stackFolder, sourceOf(key, resource)));
      await replaceCode(lambda, { functionName, zip, sha256 });
    }),
  );
}

function sourceOf(key: string, { aws_s3_object: objects }: Resources): string {
  const [, id = ''] = /^\$\{aws_s3_object\.(.+)\.key\}$/.exec(key) ?? [];
  const found = objects[id];
  if (found === undefined) throw new Error(`Expected a reference to an S3 object, got ${key}.`);
  return found.source;
}
