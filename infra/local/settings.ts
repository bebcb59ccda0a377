/**
 * What LocalStack is told wherever it runs, as a process here or in a container. What differs by
 * place (ports, folders, binaries) is added by who starts it.
 */
export const localStackSettings = {
  // s3: LocalStack keeps the functions' code in it.
  SERVICES: 'sqs,events,lambda,ssm,dynamodb,iam,sts,logs,cloudwatch,apigateway,cognito-idp,s3',
  STRICT_SERVICE_LOADING: '1',
  EAGER_SERVICE_LOADING: '1',
  // hypercorn, the other server, can hang for ever at SIGTERM with a request in flight.
  GATEWAY_SERVER: 'twisted',
  DNS_ADDRESS: '0',
  // No call to anything but this machine.
  DISABLE_EVENTS: '1',
  SKIP_SSL_CERT_DOWNLOAD: '1',
  // Queue URLs are `http://<LOCALSTACK_HOST>/<account>/<queue>`: no host name to resolve.
  SQS_ENDPOINT_STRATEGY: 'off',
  // The newer provider gives alarm tags back differently on each plan.
  PROVIDER_OVERRIDE_CLOUDWATCH: 'v1',
  LAMBDA_RUNTIME_EXECUTOR: 'process',
  LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.01',
  LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '0.1',
  DYNAMODB_IN_MEMORY: '1',
} as const;

/** What Postgres is told wherever it runs; it forgets everything at its end, so it need not reach the disk. */
export const postgresSettings = {
  max_connections: '200',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
} as const;

export const postgresDatabase = 'tokenline';

/** The application that is registered with the scripted Cafe24, but for its secret. */
export const cafe24Application = {
  clientId: 'tokenline-local',
  redirectUri: 'https://tokenline.example/cafe24/callback',
} as const;

/** The public client of the scripted ClaroShop, and who signs in. */
export const claroshopClientId = 'integradores';
export const claroshopUsername = 'demo-seller';

/**
 * The secrets of the containers, for everybody to read: their ports are published on 127.0.0.1 only.
 * Host mode makes new ones for each run.
 */
export const containerSecrets = {
  postgresPassword: 'tokenline-local',
  cafe24ClientSecret: 'tokenline-local-secret',
  claroshopPassword: 'tokenline-local-password',
} as const;

/** Of all names of the local stage. */
export const namePrefix = 'tokenline';

export const region = 'eu-west-1';

/** LocalStack takes any; with these nobody reaches a real account, wherever a call goes. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** LocalStack's account. */
export const accountId = '000000000000';

/** Taken when they are free; any free port else. */
export const usualPorts = {
  localStack: 4566,
  postgres: 5432,
  cafe24: 4580,
  claroshop: 4590,
} as const;

/** 4.14.0 is the last version whose image starts without a token; 4.9.2 is the last for Python 3.10. */
export const localStackVersionOf: Readonly<Record<string, string>> = {
  '3.13': '4.14.0',
  '3.12': '4.9.2',
  '3.11': '4.9.2',
  '3.10': '4.9.2',
};

/** The npm package that brings DynamoDB Local 1.25 (AWS's own licence: downloaded, never committed). */
export const dynamoDbLocal = {
  package: 'amplify-dynamodb-simulator',
  version: '2.9.30',
  sha256: '3503ffac19f183407909fecdacf4db51ab1fdad1da7b2f177016670b2d80e4b9',
} as const;

/** PyPI: a Java 25 for machines without Java 17 or newer. */
export const jdk4pyVersion = '25.0.2.1';

/** PyPI: installs in 11 s what takes pip 31 s or more. */
export const uvVersion = '0.13.9';
