import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, type TerraformStack } from 'cdktf';
import type { CodeOf } from '#infra/bundle.ts';
import { readStageConfig } from '#infra/config.ts';
import { PipelineStack } from '#infra/pipeline-stack.ts';
import { withMistake } from './mutated-stack.ts';

/** A resource as Terraform reads it, with the attributes that tests look at. */
export interface Resource {
  readonly name?: string;
  readonly function_name: string;
  readonly alarm_name?: string;
  readonly alarm_actions?: readonly string[];
  readonly s3_key: string;
  readonly source_code_hash: string;
  readonly key: string;
  readonly source_hash: string;
  readonly bucket?: string;
  readonly lifecycle: { readonly postcondition: readonly object[] };
  readonly timeout: number;
  readonly visibility_timeout_seconds: number;
  readonly message_retention_seconds: number;
  readonly redrive_policy: string;
  readonly policy: string;
  readonly assume_role_policy: string;
  readonly event_pattern: string;
  readonly event_source_arn: string;
  readonly role: string;
  readonly runtime: string;
  readonly vpc_config?: object;
  readonly dead_letter_config: object;
  readonly triggers: Readonly<Record<string, string>>;
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
  readonly depends_on: readonly string[];
  readonly source_arn: string;
  readonly rule: string;
  readonly input?: string;
  readonly state: string;
  readonly rest_api_id: string;
  readonly body: string;
  readonly access_log_settings: { readonly format: string; readonly destination_arn: string };
  readonly batch_size: number;
  readonly maximum_batching_window_in_seconds: number;
  readonly function_response_types: readonly string[];
  readonly scaling_config: { readonly maximum_concurrency: number };
}

interface StackJson {
  readonly provider: object;
  readonly terraform: {
    readonly backend: object;
    readonly required_providers: { readonly aws: { readonly version: string } };
  };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}

/** A deployer's environment of the stage dev, without a network of its own. */
export const DEV_ENVIRONMENT = {
  STAGE: 'dev',
  AWS_REGION: 'eu-west-1',
  AWS_ACCOUNT_ID: '123456789012',
  STATE_BUCKET: 'state-bucket',
  LOG_RETENTION_DAYS: '30',
  SCHEDULES: 'enabled',
  SUBNET_IDS: '',
  SECURITY_GROUP_IDS: '',
  PGHOST: 'db.example.com',
  PGPORT: '5432',
  PGUSER: 'tokenline',
  PGDATABASE: 'tokenline',
  PGSSLMODE: 'verify-full',
  PGPASSWORD_PARAMETER: '/tokenline/postgres-password',
  CAFE24_API_URL: 'https://{mallId}.cafe24api.com',
  CAFE24_MALLS: 'mall-one,mall-two',
  CAFE24_CLIENT_ID: 'client',
  CAFE24_CLIENT_SECRET_PARAMETER: '/tokenline/cafe24-client-secret',
  CAFE24_REDIRECT_URI: 'https://example.com/callback',
  CAFE24_SCOPES: 'mall.read_product,mall.read_order',
  CLAROSHOP_TOKEN_URL: 'https://login.example.com/realms/claro/protocol/openid-connect/token',
  CLAROSHOP_USERNAME_PARAMETER: '/tokenline/claroshop-username',
  CLAROSHOP_PASSWORD_PARAMETER: '/tokenline/claroshop-password',
  SLA_TIME_ZONE: 'America/Mexico_City',
  API_REQUESTS_PER_SECOND: '50',
  API_BURST_REQUESTS: '100',
  API_ACCESS_LOG: 'enabled',
} as const;

export const LOCAL_ENVIRONMENT = { ...DEV_ENVIRONMENT, STAGE: 'local', STATE_BUCKET: '' } as const;

/** The stack as `cdktf synth` writes it, of `DEV_ENVIRONMENT` but for `changes`. */
export function synthesize(changes: Record<string, string> = {}): SynthesizedStack {
  const config = readStageConfig({ ...DEV_ENVIRONMENT, ...changes });
  return synthesizeStack((app, code) => new PipelineStack(app, { config, code }));
}

/** Any stack as `cdktf synth` writes it. */
export function synthesizeStack(
  make: (app: App, code: CodeOf) => TerraformStack,
): SynthesizedStack {
  const folder = mkdtempSync(path.join(tmpdir(), 'tokenline-synth-'));
  try {
    const zipPath = path.join(folder, 'code.zip');
    writeFileSync(zipPath, 'not really a zip');
    const app = new App({ outdir: path.join(folder, 'cdktf.out') });
    const stack = make(app, (name) => ({ zipPath, sha256: `sha256-of-${name}` }));
    app.synth();
    const file = path.join(app.outdir, 'stacks', stack.node.id, 'cdk.tf.json');
    return new SynthesizedStack(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export class SynthesizedStack {
  readonly text: string;
  readonly json: StackJson;

  constructor(text: string) {
    this.text = withMistake(text);
    this.json = JSON.parse(this.text) as StackJson;
  }

  /** All resources of a type. */
  all(type: string): Resource[] {
    return Object.values(this.json.resource[type] ?? {});
  }

  /** All that is looked up of a type. */
  allData(type: string): Resource[] {
    return Object.values(this.json.data?.[type] ?? {});
  }

  /** The resource of a type with a name, whatever its type calls it. */
  named(type: string, name: string): Resource {
    const found = this.all(type).find((resource) =>
      [resource.name, resource.function_name, resource.alarm_name].includes(name),
    );
    if (!found) throw new Error(`There is no ${type} named ${name}.`);
    return found;
  }

  /** The resource that an expression or an entry of `depends_on` refers to. */
  referredBy(reference: string): Resource {
    const [, type = '', id = ''] = /(aws_\w+)\.([\w-]+)/.exec(reference) ?? [];
    const found = this.json.resource[type]?.[id];
    if (!found) throw new Error(`${reference} refers to nothing.`);
    return found;
  }
}

/** What a policy allows: for each action the resources, sorted. */
export function allowed(policy: string): Record<string, string[]> {
  const { Statement } = JSON.parse(policy) as {
    Statement: { Action: string | string[]; Resource: string | string[] }[];
  };
  const byAction: Record<string, string[]> = {};
  for (const { Action, Resource } of Statement) {
    for (const action of [Action].flat()) {
      byAction[action] = [...(byAction[action] ?? []), Resource].flat().sort();
    }
  }
  return byAction;
}

/** A function's variables as Lambda gets them: references have become names and ids. */
export function functionVariables(stack: SynthesizedStack, name: string): Record<string, string> {
  const { variables } = stack.named('aws_lambda_function', `tokenline-${name}`).environment;
  const resolved = Object.entries(variables).map(([variable, value]) => [
    variable,
    value
      .replace(/\$\{aws_cognito_user_pool(_client)?\..+\.id\}$/, 'eu-west-1_1')
      .replace(/^\$\{aws_dynamodb_table\..+\.name\}$/, (it) => stack.referredBy(it).name ?? ''),
  ]);
  return Object.fromEntries(resolved) as Record<string, string>;
}
