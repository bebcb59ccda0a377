import { createHash } from 'node:crypto';
import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment/index.js';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings/index.js';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Construct } from 'constructs';
import { resourceName } from '../arns.ts';
import type { StageConfig } from '../config.ts';
import { AccessLog } from './access-log.ts';
import type { HttpFunction } from './http-function.ts';
import { toOpenApi } from './open-api.ts';

interface RestApiProps {
  readonly config: StageConfig;
  readonly functions: readonly HttpFunction[];
}

/** The HTTP side: each route leads to its function; throttled, for all callers together. */
export class RestApi extends Construct {
  readonly api: ApiGatewayRestApi;
  readonly stage: ApiGatewayStage;

  constructor(scope: Construct, id: string, { config, functions }: RestApiProps) {
    super(scope, id);
    const body = JSON.stringify(toOpenApi(config, functions));
    this.api = new ApiGatewayRestApi(this, 'api', {
      name: config.NAME_PREFIX,
      body,
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    for (const fn of functions) this.#admit(fn, config);
    const deployment = new ApiGatewayDeployment(this, 'deployment', {
      restApiId: this.api.id,
      triggers: { routes: createHash('sha256').update(body).digest('hex') },
      // A stage always has a deployment: the new one is made before the old one goes.
      lifecycle: { createBeforeDestroy: true },
    });
    this.stage = this.#stage(deployment, config);
  }

  /** Lets API Gateway invoke the function for its route, and for no other. */
  #admit({ function: fn, method, path }: HttpFunction, config: StageConfig): void {
    new LambdaPermission(this, `${method}${path.replaceAll('/', '-')}`, {
      statementId: 'api',
      action: 'lambda:InvokeFunction',
      functionName: fn.functionName,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${this.api.executionArn}/${config.STAGE}/${method}${path}`,
    });
  }

  #stage(deployment: ApiGatewayDeployment, config: StageConfig): ApiGatewayStage {
    const log =
      config.API_ACCESS_LOG === 'disabled'
        ? undefined
        : new AccessLog(this, 'access-log', { config, name: resourceName(config, 'api') });
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: this.api.id,
      deploymentId: deployment.id,
      stageName: config.STAGE,
      ...(log && { accessLogSettings: log.settings, dependsOn: log.needed }),
    });
    new ApiGatewayMethodSettings(this, 'settings', {
      restApiId: this.api.id,
      stageName: stage.stageName,
      methodPath: '*/*',
      settings: {
        throttlingRateLimit: config.API_REQUESTS_PER_SECOND,
        throttlingBurstLimit: config.API_BURST_REQUESTS,
        metricsEnabled: true,
        // Execution logs would have headers, tokens and bodies in them.
        loggingLevel: 'OFF',
        dataTraceEnabled: false,
      },
    });
    return stage;
  }
}
