import { MissingToolError } from './missing-tool-error.ts';
import { runCommand } from './run-command.ts';

const WITHOUT = 'npm start needs no Docker.';

/** @throws {@link MissingToolError} Docker is not on the path, or is there without Compose 2. */
export async function requireDocker(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  try {
    await runCommand('docker', ['compose', 'version'], { environment });
  } catch (error) {
    const isThere = !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
    throw isThere
      ? new MissingToolError(
          'Docker Compose 2',
          `Install it: https://docs.docker.com/compose/install. ${WITHOUT}`,
        )
      : new MissingToolError(
          'docker',
          `Install Docker: https://docs.docker.com/get-docker. ${WITHOUT}`,
        );
  }
}
