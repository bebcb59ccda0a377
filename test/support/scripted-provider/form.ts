import { invalidRequest, OAuthRefusal } from './refusal.ts';

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
