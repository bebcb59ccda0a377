import { AuthorizationCodeArrived } from './authorization-code-arrived.ts';
import { ReauthorizationRequired } from './reauthorization-required.ts';
import { TokenIssued } from './token-issued.ts';

/** Every event that tokenline knows. Rules, validation, documents and test inputs come from it. */
export const EVENTS = [AuthorizationCodeArrived, TokenIssued, ReauthorizationRequired] as const;
