import { COMMON_MEANINGS, type Meaning } from '../aws-errors.ts';
import {
  ConfigurationError,
  DependencyRefusedError,
  DependencyUnavailableError,
  type TokenlineError,
} from '../errors.ts';
import { toldName } from '../told-error.ts';

/**
 * Every error that the API references of PutParameter, GetParameter, GetParameters and DeleteParameter
 * name (read 2026-11).
 */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ...COMMON_MEANINGS,
  ['HierarchyLevelLimitExceededException', 'refused'],
  ['HierarchyTypeMismatchException', 'refused'],
  ['IncompatiblePolicyException', 'refused'],
  ['InvalidAllowedPatternException', 'refused'],
  ['InvalidPolicyAttributeException', 'refused'],
  ['InvalidPolicyTypeException', 'refused'],
  ['ParameterLimitExceeded', 'refused'],
  ['ParameterMaxVersionLimitExceeded', 'refused'],
  ['ParameterPatternMismatchException', 'refused'],
  ['PoliciesLimitExceededException', 'refused'],
  ['UnsupportedParameterType', 'refused'],
  ['ParameterNotFound', 'ours'],
  ['ParameterVersionNotFound', 'ours'],
  ['InvalidKeyId', 'ours'],
  ['TooManyUpdates', 'passing'],
  // Nobody asks without Overwrite: somebody created it at the same time.
  ['ParameterAlreadyExists', 'passing'],
]);

/** @returns what is known of an error by that name; `undefined` for any other, which may pass. */
export function ssmMeaning(name: string): Meaning | undefined {
  return MEANINGS.get(name);
}

/**
 * What a failed call of Parameter Store means.
 *
 * @param about the parameters' names: what leads an operator to the cause.
 */
export function ssmError(thrown: unknown, about = 'it'): TokenlineError {
  const name = toldName(thrown);
  const meaning = ssmMeaning(name);
  // Without the cause where the value was refused: its text may quote it.
  if (meaning === 'refused') {
    const message = `Parameter Store refused ${about}: ${name}.`;
    return new DependencyRefusedError('parameter-refused', message);
  }
  if (meaning === 'ours') {
    const message = `Parameter Store answers ${name} to ${about}: check permissions and key.`;
    return new ConfigurationError(message, { cause: thrown });
  }
  const message = `Parameter Store did not do it: ${name}.`;
  return new DependencyUnavailableError('ssm-unavailable', message, { cause: thrown });
}
