// The entry of the package that applications import: a barrel, since a package needs one. Imports here
// are relative, also those of events/: the compiler rewrites no others for the package.
export type { AuthorizationCodeArrived } from '../events/authorization-code-arrived.ts';
export type { AuthorizationRefused } from '../events/authorization-refused.ts';
export { EVENTS } from '../events/index.ts';
export type { ReauthorizationRequired } from '../events/reauthorization-required.ts';
export type { SlaErrorSubmitted } from '../events/sla-error-submitted.ts';
export type { SlaErrorsRecorded } from '../events/sla-errors-recorded.ts';
export type { TokenExpiryWarning } from '../events/token-expiry-warning.ts';
export type { TokenIssued } from '../events/token-issued.ts';
export type { TokenRefreshFailed } from '../events/token-refresh-failed.ts';
export type { TokenRefreshed } from '../events/token-refreshed.ts';
export { cafe24Tokens, type Cafe24Tokens, type Cafe24TokensOptions } from './cafe24-tokens.ts';
export {
  claroshopTokens,
  type ClaroshopTokens,
  type ClaroshopTokensOptions,
} from './claroshop-tokens.ts';
export {
  EventNotPublishedError,
  InvalidEventError,
  TokenUnavailableError,
  type TokenUnavailableReason,
} from './errors.ts';
export {
  eventPublisher,
  type EventDetail,
  type EventName,
  type EventPublisher,
  type EventPublisherOptions,
} from './publisher.ts';
export type { ClaroshopToken } from './token-bundle.ts';
export type { Cafe24Token, Queryable } from './token-row.ts';
