import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Access } from '../access.ts';
import { arn, resourceName } from '../arns.ts';
import type { CodeOf, FunctionCode } from '../bundle.ts';
import type { StageConfig } from '../config.ts';
import type { FunctionOutputs } from '../outputs.ts';
import { CodeBucket } from './code-bucket.ts';
import { policyOf, type Statement } from './statements.ts';

export interface NodeFunctionProps {
  readonly config: StageConfig;
  readonly code: CodeOf;
  /** What the function's `settings.ts` says; the name is without the prefix. */
  readonly settings: { readonly name: string; readonly timeoutSeconds: number };
  /** All that the function uses besides its own log. */
  readonly access: readonly Access[];
  /** What must be done before this code may run. */
  readonly after?: ITerraformDependable[];
}

interface RoleProps extends NodeFunctionProps {
  readonly inNetwork: boolean;
}

/** A function with a role of its own, least privilege, and its log group. */
export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  /** Without the prefix. */
  readonly name: string;
  readonly code: FunctionCode;
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { config, settings } = props;
    const name = resourceName(config, settings.name);
    this.name = settings.name;
    this.code = props.code(settings.name);
    const logGroup = new CloudwatchLogGroup(this, 'log', {
      name: `/aws/lambda/${name}`,
      retentionInDays: config.LOG_RETENTION_DAYS,
    });
    const inNetwork = config.SUBNET_IDS.length > 0 && props.access.some((it) => it.inNetwork);
    const { role, policy } = this.#role(name, { ...props, inNetwork });
    this.environment = Object.fromEntries(
      props.access.flatMap(({ environment = {} }) => Object.entries(environment)),
    );
    const stored = CodeBucket.of(this, config).store(this, settings.name, this.code);
    this.function = new LambdaFunction(this, 'function', {
      functionName: name,
      role: role.arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      s3Bucket: stored.bucket,
      s3Key: stored.key,
      sourceCodeHash: this.code.sha256,
      memorySize: 256,
      timeout: settings.timeoutSeconds,
      environment: { variables: { ...this.environment } },
      loggingConfig: { logFormat: 'JSON', logGroup: logGroup.name },
      ...(inNetwork && {
        vpcConfig: { subnetIds: config.SUBNET_IDS, securityGroupIds: config.SECURITY_GROUP_IDS },
      }),
      dependsOn: [policy, ...(props.after ?? [])],
    });
  }

  get outputs(): FunctionOutputs {
    return { functionName: this.function.functionName };
  }

  #role(name: string, { config, access, inNetwork }: RoleProps) {
    const role = new IamRole(this, 'role', {
      name,
      assumeRolePolicy: policyOf([
        { Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]),
    });
    const policy = new IamRolePolicy(this, 'policy', {
      name,
      role: role.name,
      policy: policyOf([
        ...access.flatMap(({ statements = [] }) => statements),
        ...(inNetwork ? [JOIN_NETWORK] : []),
        writeLog(config, name),
      ]),
    });
    return { role, policy };
  }
}

function writeLog(config: StageConfig, name: string): Statement {
  return {
    Sid: 'WriteLog',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [arn(config, 'logs', `log-group:/aws/lambda/${name}:*`)],
  };
}

const JOIN_NETWORK: Statement = {
  Sid: 'JoinNetwork',
  Action: [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  // Lambda makes the interfaces itself and gives them no name that a policy could tell.
  Resource: ['*'],
};
