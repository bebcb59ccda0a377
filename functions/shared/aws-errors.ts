/** `refused`: it will never take the value. `ours`: an operator mends it. `passing`: it may pass. */
export type Meaning = 'refused' | 'ours' | 'passing';

/**
 * What any call of an AWS service may meet, by name (Common Errors of the API references, read
 * 2026-11). Each service adds those of its own.
 */
export const COMMON_MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['ValidationException', 'refused'],
  // JSON that is no text, e.g. with half a surrogate pair.
  ['SerializationException', 'refused'],
  ['AccessDeniedException', 'ours'],
  ['IncompleteSignature', 'ours'],
  ['InvalidClientTokenId', 'ours'],
  ['InvalidSignatureException', 'ours'],
  ['MissingAuthenticationToken', 'ours'],
  ['NotAuthorized', 'ours'],
  ['OptInRequired', 'ours'],
  ['UnrecognizedClientException', 'ours'],
  // Credentials of a Lambda are renewed by themselves, and clocks are set right.
  ['ExpiredTokenException', 'passing'],
  ['RequestExpired', 'passing'],
  ['InternalFailure', 'passing'],
  ['InternalServerError', 'passing'],
  ['ServiceUnavailable', 'passing'],
  ['ThrottlingException', 'passing'],
]);
