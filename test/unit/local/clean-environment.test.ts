import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { localEnvironment } from '#infra/local/cdktf.ts';
import { cleanEnvironment } from '#infra/local/clean-environment.ts';
import { runCommand } from '#infra/local/run-command.ts';
import { STAGE_VARIABLES } from '#infra/config.ts';
import { LOCAL_AWS } from '#test/support/some-local-aws.ts';

/** Of a person's shell: what to load first, where to install to, what to write down, who one is. */
const BENDING = {
  LD_PRELOAD: '/nonexistent/x.so',
  LD_AUDIT: '/nonexistent/x.so',
  LD_DEBUG: 'all',
  DYLD_INSERT_LIBRARIES: '/nonexistent/x.dylib',
  PYTHONPROFILEIMPORTTIME: '1',
  PYTHONMALLOCSTATS: '1',
  PYTHONHOME: '/nonexistent',
  PYTHONPATH: '/nonexistent',
  PYTHONSTARTUP: '/nonexistent/x.py',
  PYTHONDEVMODE: '1',
  VIRTUAL_ENV: '/nonexistent',
  PIP_TARGET: '/nonexistent',
  PIP_PREFIX: '/nonexistent',
  PIP_USER: '1',
  PIP_ROOT: '/nonexistent',
  PIP_REQUIRE_VIRTUALENV: '1',
  PIP_DRY_RUN: '1',
  PIP_LOG: '/nonexistent/log',
  UV_PROJECT_ENVIRONMENT: '/nonexistent',
  UV_PYTHON: '/nonexistent',
  UV_SYSTEM_PYTHON: '1',
  UV_TARGET: '/nonexistent',
  NODE_PATH: '/nonexistent',
  NODE_DEBUG: 'fs',
  NODE_V8_COVERAGE: '/nonexistent',
  JAVA_TOOL_OPTIONS: '-javaagent:/nonexistent.jar',
  _JAVA_OPTIONS: '-Xmx1m',
  JDK_JAVA_OPTIONS: '-Xmx1m',
  CLASSPATH: '/nonexistent',
  TF_LOG: 'TRACE',
  TF_CLI_ARGS: '-nonexistent',
  TF_CLI_ARGS_plan: '-nonexistent',
  TF_DATA_DIR: '/nonexistent',
  TF_VAR_stage: 'prod',
  AWS_PROFILE: 'nonexistent',
  AWS_ACCESS_KEY_ID: 'of the person',
  AWS_ENDPOINT_URL_SQS: 'https://sqs.example',
  AWS_USE_FIPS_ENDPOINT: 'true',
  PGSSLMODE: 'verify-full',
  PGOPTIONS: '-c nonexistent=1',
  npm_config_prefix: '/nonexistent',
  npm_config_global: 'true',
  npm_config_dry_run: 'true',
  npm_config_pack_destination: '/nonexistent',
  npm_config_ignore_scripts: 'true',
  GIT_DIR: '/nonexistent',
  CDKTF_LOG_LEVEL: 'trace',
  BASH_ENV: '/nonexistent',
};

/** Where things come from, and whom to trust on the way. */
const KEPT = {
  PATH: '/usr/bin',
  HOME: '/home/ana',
  TOKENLINE_PYTHON: '/opt/python3.13/bin/python3',
  JAVA_HOME: '/opt/java',
  PIP_INDEX_URL: 'https://pypi.example/simple',
  PIP_EXTRA_INDEX_URL: 'https://pypi.example/more',
  PIP_TRUSTED_HOST: 'pypi.example',
  PIP_CERT: '/etc/company.pem',
  PIP_PROXY: 'http://proxy.example:3128',
  PIP_CONFIG_FILE: '/etc/pip.conf',
  UV_INDEX_URL: 'https://pypi.example/simple',
  UV_DEFAULT_INDEX: 'https://pypi.example/simple',
  UV_INDEX_COMPANY_PASSWORD: 'secret',
  UV_NATIVE_TLS: '1',
  HTTPS_PROXY: 'http://proxy.example:3128',
  HTTP_PROXY: 'http://proxy.example:3128',
  https_proxy: 'http://proxy.example:3128',
  SSL_CERT_FILE: '/etc/company.pem',
  SSL_CERT_DIR: '/etc/ssl/certs',
  REQUESTS_CA_BUNDLE: '/etc/company.pem',
  CURL_CA_BUNDLE: '/etc/company.pem',
  NODE_EXTRA_CA_CERTS: '/etc/company.pem',
  NODE_USE_ENV_PROXY: '1',
  npm_config_registry: 'https://npm.example',
  npm_config_cafile: '/etc/company.pem',
  npm_config_https_proxy: 'http://proxy.example:3128',
  npm_config_userconfig: '/home/ana/.npmrc',
  npm_lifecycle_event: 'start',
  TF_CLI_CONFIG_FILE: '/etc/terraformrc',
  TF_TOKEN_registry_example: 'secret',
  TF_PLUGIN_DIR: '/opt/plugins',
  LD_LIBRARY_PATH: '/opt/python3.13/lib',
};

test.each(Object.entries(BENDING))(
  '%s=%s of the shell reaches nothing that we run',
  (name, value) => {
    expect(cleanEnvironment({ [name]: value })).not.toHaveProperty(name);
  },
);

test.each(Object.entries(KEPT))('%s=%s of the shell reaches it', (name, value) => {
  expect(cleanEnvironment({ [name]: value })).toMatchObject({ [name]: value });
});

test.each([
  [undefined, '127.0.0.1,localhost,::1'],
  ['', '127.0.0.1,localhost,::1'],
  ['.example, localhost', '.example,localhost,127.0.0.1,::1'],
])('the loopback is never proxied, whatever else is not: NO_PROXY=%j', (NO_PROXY, expected) => {
  expect(cleanEnvironment({ NO_PROXY })).toMatchObject({ NO_PROXY: expected, no_proxy: expected });
  expect(cleanEnvironment({ no_proxy: NO_PROXY })).toMatchObject({ NO_PROXY: expected });
});

test("of Node's options, those about certificates and proxies stay, and no preload", () => {
  const NODE_OPTIONS =
    '--require /nonexistent.js --use-system-ca --inspect --import=x --use-env-proxy';

  expect(cleanEnvironment({ NODE_OPTIONS })).toMatchObject({
    NODE_OPTIONS: '--use-system-ca --use-env-proxy',
  });
  expect(cleanEnvironment({ NODE_OPTIONS: '--inspect' })).not.toHaveProperty('NODE_OPTIONS');
});

test('a command gets a clean shell, and writes nothing but its answer', async () => {
  const environment = { ...process.env, ...BENDING, PIP_INDEX_URL: 'https://pypi.example/simple' };
  const script = 'process.stdout.write(JSON.stringify(process.env))';
  const answer = await runCommand(process.execPath, ['-e', script], { environment });
  const seen = Object.keys(JSON.parse(answer) as object);

  expect(seen).toContain('PIP_INDEX_URL');
  expect(seen.filter((name) => name in BENDING)).toEqual([]);
});

test('a deploy of the local stage gets nothing of a shell but that, and no other stage', async () => {
  const before = { ...process.env };
  const stage = Object.fromEntries(STAGE_VARIABLES.map((name) => [name, 'of the person']));
  Object.assign(process.env, BENDING, stage);
  const environment = await localEnvironment(LOCAL_AWS).finally(() => {
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  });

  const values = Object.values(environment);
  expect(values).not.toContain('of the person');
  const bent = Object.entries(BENDING).filter(([name, value]) => environment[name] === value);
  expect(bent).toEqual([]);
});

test('no file of the local AWS starts a program past a clean shell', () => {
  const folder = path.join(import.meta.dirname, '../../../infra/local');
  const found = execFileSync(
    'grep',
    ['-rlE', String.raw`node:child_process`, folder, '--include=*.ts'],
    {
      encoding: 'utf8',
    },
  );
  const files = found
    .trim()
    .split('\n')
    .map((file) => path.basename(file));

  // Two begin with an empty environment, the others clean the person's.
  expect(files.sort()).toEqual([
    'cdktf.ts',
    'commands.ts',
    'postgres.ts',
    'reaper.ts',
    'run-command.ts',
    'run.ts',
  ]);
});
