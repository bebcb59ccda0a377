import { z } from 'zod';
import { configProblems } from '#shared/config.ts';
import { resourceName } from './arns.ts';
import type { StageConfig } from './config.ts';
import { FUNCTION_CONFIGS } from './function-configs.ts';

/**
 * Of all variables of a function, counted as JSON: Lambda's error quotes what it measured (its quotas,
 * read 2026-11).
 */
const MAX_ENVIRONMENT_BYTES = 4096;
/** Variables named in an error about their sum. */
const NAMED = 3;

const Attributes = z.record(z.string(), z.unknown());
const Synthesized = z.object({
  resource: z.intersection(
    z.record(z.string(), z.record(z.string(), Attributes)),
    z.object({
      aws_lambda_function: z.record(
        z.string(),
        z.object({
          function_name: z.string(),
          environment: z.object({ variables: z.record(z.string(), z.string()) }),
        }),
      ),
    }),
  ),
});
type Resources = z.output<typeof Synthesized>['resource'];
type Variables = Readonly<Record<string, string>>;

/**
 * Starts every function of a synthesized stack in thought: with its variables, Lambda's own ones, and
 * the longest legal value of what only the deploy will know.
 *
 * @param stack as `TerraformStack.toTerraform` gives it.
 * @returns what keeps a function from starting, each named by function and variable, never with a
 *   value; none where all will start.
 */
export function environmentProblems(stack: unknown, config: StageConfig): readonly string[] {
  const { resource } = Synthesized.parse(stack);
  const ofLambda = { AWS_REGION: config.AWS_REGION };
  return Object.values(resource.aws_lambda_function).flatMap((fn) => {
    const name = fn.function_name.replace(resourceName(config, ''), '');
    const Config = FUNCTION_CONFIGS[name];
    if (Config === undefined) return [`${name}: function-configs.ts does not say what it reads`];
    const variables = withoutReferences(fn.environment.variables, resource, config);
    const { error } = Config.safeParse({ ...ofLambda, ...variables });
    const problems = [...(error ? configProblems(error) : []), ...sizeProblems(variables)];
    return problems.map((problem) => `${name}: ${problem}`);
  });
}

function withoutReferences(
  variables: Variables,
  resources: Resources,
  config: StageConfig,
): Variables {
  const longest = longestOf(config);
  const valueOf = (reference: string, path: string) => {
    const [type = '', id = '', attribute = ''] = path.split('.');
    const known = resources[type]?.[id]?.[attribute];
    const value = typeof known === 'string' ? known : longest[`${type}.${attribute}`];
    if (value === undefined) throw new Error(`Nobody said how long ${reference} can be.`);
    return value;
  };
  const replaced = Object.entries(variables).map(([name, text]) => [
    name,
    text.replaceAll(/\$\{([\w.-]+)\}/g, valueOf),
  ]);
  return z.record(z.string(), z.string()).parse(Object.fromEntries(replaced));
}

/** What AWS makes up itself, as long as it may be (Cognito's API reference, read 2026-11). */
function longestOf({ AWS_REGION }: StageConfig): Variables {
  return {
    'aws_cognito_user_pool.id': `${AWS_REGION}_`.padEnd(55, 'x'),
    'aws_cognito_user_pool_client.id': 'x'.repeat(128),
  };
}

function sizeProblems(variables: Variables): readonly string[] {
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
  const largest = Object.entries(variables)
    .map(([name, value]) => ({ name, bytes: Buffer.byteLength(value) }))
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, NAMED)
    .map((variable) => `${variable.name} has ${variable.bytes}`);
  const sum = `its variables have ${bytes} bytes together, Lambda takes ${MAX_ENVIRONMENT_BYTES}`;
  return [`${sum}: ${largest.join(', ')}`];
}
