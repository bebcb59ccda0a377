import { ApiGatewayAccount } from '@cdktf/provider-aws/lib/api-gateway-account/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { arn } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { policyOf } from './statements.ts';

/**
 * A line for each request. The path as it was declared, not as it was asked for: what callers send in
 * queries, headers and bodies may be secret.
 */
const LINE = {
  requestId: '$context.requestId',
  requestedAt: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.resourcePath',
  status: '$context.status',
  answeredBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  error: '$context.error.responseType',
} as const;

interface AccessLogProps {
  readonly config: StageConfig;
  readonly name: string;
}

/** Where API Gateway writes down who asked for what. */
export class AccessLog extends Construct {
  readonly settings: { readonly destinationArn: string; readonly format: string };
  /** What must be there before API Gateway can write. */
  readonly needed: ITerraformDependable[];

  constructor(scope: Construct, id: string, { config, name }: AccessLogProps) {
    super(scope, id);
    const groupName = `/aws/apigateway/${name}`;
    const group = new CloudwatchLogGroup(this, 'log', {
      name: groupName,
      retentionInDays: config.LOG_RETENTION_DAYS,
    });
    this.settings = {
      destinationArn: arn(config, 'logs', `log-group:${groupName}`),
      format: JSON.stringify(LINE),
    };
    const setsRole = config.API_ACCESS_LOG === 'enabled-with-account-role';
    this.needed = setsRole ? [group, this.#accountRole(name)] : [group];
  }

  /** One for all APIs of the account in the region: only where nobody else looks after it. */
  #accountRole(name: string): ApiGatewayAccount {
    const role = new IamRole(this, 'role', {
      name: `${name}-access-log`,
      assumeRolePolicy: policyOf([
        { Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]),
    });
    const attachment = new IamRolePolicyAttachment(this, 'policy', {
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    });
    return new ApiGatewayAccount(this, 'account', {
      cloudwatchRoleArn: role.arn,
      dependsOn: [attachment],
    });
  }
}
