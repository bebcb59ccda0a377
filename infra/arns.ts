import type { StageConfig } from './config.ts';

/** `<prefix>-<part>`: the name of everything but the bus, which is named as the prefix. */
export function resourceName(config: StageConfig, part: string): string {
  return `${config.NAME_PREFIX}-${part}`;
}

/**
 * The ARN of a resource by its name alone.
 *
 * A reference to the resource would make Terraform wait for it: queues and their policies name each
 * other, and each queue costs 25 s, so they are created side by side.
 *
 * @param resource service and path as ARNs spell them: `queueArn` is `('sqs', name)`.
 */
export function arn(config: StageConfig, service: string, resource: string): string {
  return `arn:aws:${service}:${config.AWS_REGION}:${config.AWS_ACCOUNT_ID}:${resource}`;
}

/**
 * The URL of a queue by its name alone, for the same reason: a function would wait for its queues.
 *
 * The form is SQS's for all regions of the partition "aws" (its documentation, "queue and message
 * identifiers", read 2026-11). A queue that gets another URL fails the deploy.
 */
export function queueUrl(config: StageConfig, name: string): string {
  const base = config.SQS_URL_BASE ?? `https://sqs.${config.AWS_REGION}.amazonaws.com`;
  return `${base}/${config.AWS_ACCOUNT_ID}/${name}`;
}
