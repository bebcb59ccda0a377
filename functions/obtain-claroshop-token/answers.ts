import type { Bundle } from '#shared/claroshop/bundle.ts';
import type { Obtained } from '#shared/claroshop/obtain-grant.ts';
import { TokenlineError } from '#shared/errors.ts';

/** What a direct invocation gets, to the letter of the predecessor. Neither form holds a secret. */
export type Answer =
  | {
      readonly statusCode: 200;
      readonly body: {
        readonly message: 'ClaroShop tokens successfully obtained and stored';
        /** Seconds from when it was obtained. */
        readonly expires_in: number;
        readonly token_type: string;
        /** Empty when ClaroShop named none. */
        readonly scope: string;
      };
    }
  | { readonly statusCode: 500; readonly body: { readonly error: string } };

export function bundleToAnswer({ expires_in, token_type, scope = '' }: Bundle): Answer {
  const message = 'ClaroShop tokens successfully obtained and stored';
  return { statusCode: 200, body: { message, expires_in, token_type, scope } };
}

export function failure(error: string): Answer {
  return { statusCode: 500, body: { error } };
}

/** Why there is no token. Reasons are words of ours or codes of RFC 6749. */
export function obtainedToFailure({ outcome, reason = outcome }: Obtained): Answer {
  switch (outcome) {
    case 'credentials-refused':
      return failure(
        `ClaroShop refused the credentials (${reason}). They are not tried again until they change.`,
      );
    case 'resting':
      return failure(`ClaroShop gave no token (${reason}). It rests for ${longestRest(reason)}.`);
    case 'in-progress':
    case 'overtaken':
      return failure('Another attempt was under way, and the time was over before it ended.');
    case 'escrowed':
      return failure('A token was obtained and could not be stored yet. It is stored in a minute.');
    default:
      return failure(`ClaroShop gave no token (${reason}).`);
  }
}

/** A refusal that no table knows is tried again seldom. */
function longestRest(reason: string): string {
  return reason.startsWith('unrecognized-') ? 'up to an hour' : 'up to 5 minutes';
}

/** The texts of our own errors name ids and services, never secrets; other errors' may quote them. */
export function errorToFailure(error: unknown): Answer {
  return failure(
    error instanceof TokenlineError ? error.message : 'An unexpected error: see the log.',
  );
}
