import type {
  GetParametersCommandOutput,
  Parameter,
  PutParameterCommandOutput,
} from '@aws-sdk/client-ssm';

const $metadata = { httpStatusCode: 200, requestId: '5c1d2e3f', attempts: 1, totalRetryDelay: 0 };

/** A parameter with every field that GetParameter and GetParameters document (read 2026-11). */
export function ssmParameter(changes: Partial<Parameter> & { readonly Name: string }): Parameter {
  return {
    Type: 'SecureString',
    Value: 'a value',
    Version: 1,
    LastModifiedDate: new Date('2026-03-01T12:00:00.123Z'),
    ARN: `arn:aws:ssm:us-east-1:123456789012:parameter${changes.Name}`,
    DataType: 'text',
    ...changes,
  };
}

/** `InvalidParameters`: names that are not there, or whose form is wrong; both lists may be empty. */
export function ssmParameters(
  found: readonly Parameter[],
  absent: readonly string[] = [],
): GetParametersCommandOutput {
  return { $metadata, Parameters: [...found], InvalidParameters: [...absent] };
}

export function ssmPut(version: number): PutParameterCommandOutput {
  return { $metadata, Version: version, Tier: 'Standard' };
}
