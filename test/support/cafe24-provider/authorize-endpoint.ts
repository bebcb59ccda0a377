import { type Answer, jsonAnswer, redirectAnswer } from '../scripted-provider/answers.ts';
import type { Application } from './answers.ts';
import { issueCode, type Issuing } from './issuing.ts';

/** Comma-separated; a space between scopes is the mistake that Cafe24 refuses. */
const scopeList = /^[a-z_.]+(,[a-z_.]+)*$/;

/**
 * `GET …/oauth/authorize`, with a mall admin who agrees at once (unless `adminRefuses` is thrown).
 * A client or redirect_uri that is not the registered one is told so here, never redirected to.
 */
export function answerAuthorizeRequest(
  issuing: Issuing,
  { query, application }: { query: URLSearchParams; application: Application },
): Answer {
  if (query.get('client_id') !== application.clientId) {
    return jsonAnswer(400, { error: 'invalid_client', error_description: 'Invalid client_id' });
  }
  if (query.get('redirect_uri') !== application.redirectUri) {
    return jsonAnswer(400, {
      error: 'invalid_request',
      error_description: 'redirect_uri does not match',
    });
  }
  const back = new URL(application.redirectUri);
  for (const [name, value] of Object.entries(decide(issuing, query))) {
    back.searchParams.set(name, value);
  }
  const state = query.get('state');
  if (state !== null) back.searchParams.set('state', state);
  return redirectAnswer(back.href);
}

function decide(issuing: Issuing, query: URLSearchParams): Record<string, string> {
  if (query.get('response_type') !== 'code') {
    return { error: 'unsupported_response_type', error_description: 'response_type must be code' };
  }
  const scope = query.get('scope') ?? '';
  if (!scopeList.test(scope)) {
    return { error: 'invalid_scope', error_description: 'Scopes are separated by commas' };
  }
  if (issuing.switches.adminRefuses) {
    return { error: 'access_denied', error_description: 'The mall refused the authorization' };
  }
  return { code: issueCode(issuing, scope.split(',')).code };
}
