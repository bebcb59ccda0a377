import {
  ConfigurationError,
  DependencyRefusedError,
  DependencyUnavailableError,
  type TokenlineError,
} from '../errors.ts';

/** As the API references of PutParameter, GetParameters and DeleteParameter name them (2026-11). */
const REFUSED: ReadonlySet<string> = new Set([
  'ValidationException',
  'HierarchyLevelLimitExceededException',
  'HierarchyTypeMismatchException',
  'InvalidAllowedPatternException',
  'ParameterLimitExceeded',
  'ParameterMaxVersionLimitExceeded',
  'ParameterPatternMismatchException',
  'UnsupportedParameterType',
]);
const MISCONFIGURED: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'InvalidKeyId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
]);

/** What a failed call of Parameter Store means: whatever is not known to last may pass. */
export function ssmError(thrown: unknown): TokenlineError {
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  // Without the cause where the value was refused: its text may quote it.
  if (REFUSED.has(name)) {
    return new DependencyRefusedError('parameter-refused', `Parameter Store refused it: ${name}.`);
  }
  if (MISCONFIGURED.has(name)) {
    const message = `Parameter Store answers ${name}: check permissions and key.`;
    return new ConfigurationError(message, { cause: thrown });
  }
  return new DependencyUnavailableError(
    'ssm-unavailable',
    `Parameter Store did not do it: ${name}.`,
    { cause: thrown },
  );
}
