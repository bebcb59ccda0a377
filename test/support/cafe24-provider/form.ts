import type { Application } from './answers.ts';
import { invalidRequest, OAuthRefusal } from './refusal.ts';
import type { Switches } from './switches.ts';

/** A request to one of the provider's POST endpoints, as it came over the wire. */
export interface FormRequest {
  readonly method: string;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** @throws {@link OAuthRefusal} the request is not a form that was posted, or names a field twice. */
export function readForm({ method, contentType, body }: FormRequest): URLSearchParams {
  if (method !== 'POST') {
    throw new OAuthRefusal({ status: 405, error: 'invalid_request' }, 'Only POST is allowed');
  }
  const [mediaType = ''] = (contentType ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw invalidRequest('Content-Type must be application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(body);
  const names = [...form.keys()];
  if (new Set(names).size < names.length) throw invalidRequest('A parameter is repeated');
  return form;
}

/** @throws {@link OAuthRefusal} the field is missing or empty. */
export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw invalidRequest(`${name} is required`);
  return value;
}

/**
 * Takes `Basic base64(client_id:client_secret)` to the letter and nothing else.
 *
 * @throws {@link OAuthRefusal} a wrong secret is worded as the switch `wrongSecret` says.
 */
export function authenticate(
  { authorization }: FormRequest,
  { clientId, clientSecret }: Application,
  { wrongSecret }: Switches,
): void {
  const unknownClient = { status: 401, error: 'invalid_client' };
  if (!authorization?.startsWith('Basic ')) {
    throw new OAuthRefusal(unknownClient, 'Basic authentication is required');
  }
  const credentials = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
  if (!credentials.startsWith(`${clientId}:`)) {
    throw new OAuthRefusal(unknownClient, 'Invalid client_id');
  }
  const expected = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  if (authorization !== `Basic ${expected}`) {
    throw new OAuthRefusal(wrongSecret, 'Invalid client_secret');
  }
}
