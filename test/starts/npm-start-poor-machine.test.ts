import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLambdaNode } from '#infra/local/lambda-node.ts';
import { providerEnvironment } from '#infra/local/terraform.ts';
import { type Namespace, withoutNetwork, withSmallDisk } from '#test/support/namespaces.ts';
import { type StartedProject, startedProject } from '#test/support/npm-start.ts';

let project: StartedProject;
let before: readonly string[];

beforeAll(async () => {
  project = await startedProject();
  before = await project.traces();
});
afterAll(() => project.remove());

async function expectNothingLeft(): Promise<void> {
  // What only compiled ends by itself, a moment later.
  await expect.poll(() => project.processes(), { timeout: 30_000, interval: 200 }).toEqual([]);
  expect(await project.traces()).toEqual(before);
}

/** Less than the data of an empty Postgres. */
const MEGABYTES = 12;
/** What the small disk has when all is over: afterwards it is gone, with what lies on it. */
const THEN_LIST = '"$@"; code=$?; echo "left:" $(ls -A "$TMPDIR"); exit $code';

// No user can fill a disk of his own but where the kernel gives him one.
test(
  'on a full disk it says so in a line, and leaves nothing',
  { timeout: 120_000 },
  async ({ skip }) => {
    const smallDisk: Namespace = withSmallDisk(project.temporary, MEGABYTES);
    if (smallDisk === undefined) skip('unshare --mount is not allowed here: nothing was shown');
    const through = [...(smallDisk ?? []), 'sh', '-c', THEN_LIST, 'sh'];

    const started = project.npmStart(['--once'], { through });

    expect(await started.ended).toBe(1);
    expect(started.output()).toMatch(
      /^A disk is full \(.*no space left on device.*\)\. Make room and run the same again: nothing half-done was kept\.$/im,
    );
    const [, left = ''] = /^left: ?(.*)$/m.exec(started.output()) ?? [];
    expect(left.split(' ').filter((it) => it.startsWith('tokenline-'))).toEqual([]);
    await expectNothingLeft();
  },
);

const offline = withoutNetwork();
const NOWHERE = 'http://127.0.0.1:1';
/** Also for Node itself, whose 22.21 and newer ask for it; the loopback is nobody's to name. */
const PROXIES = {
  ...{ HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, NO_PROXY: '', no_proxy: '' },
  ...{ NODE_USE_ENV_PROXY: '1', PATH: `${path.dirname(findLambdaNode())}:${process.env['PATH']}` },
};
/** What a person's tools are told in a shell of theirs: some of it ends a Python at once. */
const BENT_SHELL = {
  LD_PRELOAD: '/nonexistent/x.so',
  PYTHONHOME: '/nonexistent',
  PYTHONPROFILEIMPORTTIME: '1',
  PYTHONMALLOCSTATS: '1',
  PIP_TARGET: '/nonexistent',
  JAVA_TOOL_OPTIONS: '-Dof.the=person',
  TF_CLI_ARGS: '-nonexistent',
  AWS_PROFILE: 'nonexistent',
  PGSSLMODE: 'require',
};
const hasProviderFolder = 'AWS_PROVIDER_VERSION' in (await providerEnvironment());
const manner = offline === undefined ? 'proxies lead nowhere' : 'no network interface';

test(
  hasProviderFolder
    ? `installed once, it starts without a network and in a bent shell (${manner})`
    : `without a network and without a folder with Terraform's AWS provider it says what is missing (${manner})`,
  { timeout: 300_000 },
  async ({ skip }) => {
    if (!hasProviderFolder && existsSync(path.join(homedir(), '.terraformrc'))) {
      skip('~/.terraformrc may name a mirror that is on this machine: nothing was shown');
    }
    const environment = { ...PROXIES, ...BENT_SHELL };
    const started = project.npmStart(['--once'], { through: offline ?? [], environment });

    expect(await started.ended, started.output()).toBe(hasProviderFolder ? 0 : 1);
    expect(started.output()).toContain(
      hasProviderFolder ? 'GET /file_sla_errors: ' : "Terraform's AWS provider was not found.",
    );
    await expectNothingLeft();
  },
);
