import { findPython } from './python.ts';
import { providerEnvironment, requireTerraform } from './terraform.ts';

/**
 * What a person must bring to this machine, all of it at once and before anything is begun: a line
 * for each. What a package registry has (Java, too) is fetched when it is needed.
 */
export async function missingTools(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly string[]> {
  const outcomes = await Promise.allSettled([
    findPython(environment),
    requireTerraform(environment),
    providerEnvironment(environment),
  ]);
  return outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [messageOf(outcome.reason)] : [],
  );
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
