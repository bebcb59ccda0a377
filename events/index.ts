import { AuthorizationCodeArrived } from './authorization-code-arrived.ts';
import { AuthorizationRefused } from './authorization-refused.ts';
import { ReauthorizationRequired } from './reauthorization-required.ts';
import { SlaErrorSubmitted } from './sla-error-submitted.ts';
import { SlaErrorsRecorded } from './sla-errors-recorded.ts';
import { TokenExpiryWarning } from './token-expiry-warning.ts';
import { TokenIssued } from './token-issued.ts';
import { TokenRefreshFailed } from './token-refresh-failed.ts';
import { TokenRefreshed } from './token-refreshed.ts';

/** Every event that tokenline knows. Rules, validation, documents and test inputs come from it. */
export const EVENTS = [
  AuthorizationCodeArrived,
  AuthorizationRefused,
  TokenExpiryWarning,
  TokenRefreshed,
  TokenRefreshFailed,
  TokenIssued,
  ReauthorizationRequired,
  SlaErrorSubmitted,
  SlaErrorsRecorded,
] as const;
