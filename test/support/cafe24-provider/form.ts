import type { FormRequest } from '../scripted-provider/form.ts';
import { OAuthRefusal } from '../scripted-provider/refusal.ts';
import type { Application } from './answers.ts';
import type { Switches } from './switches.ts';
import { words } from './wordings.ts';

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
    throw new OAuthRefusal(unknownClient, words.withoutBasic);
  }
  const credentials = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
  if (!credentials.startsWith(`${clientId}:`)) {
    throw new OAuthRefusal(unknownClient, words.wrongClient);
  }
  const expected = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  if (authorization !== `Basic ${expected}`) {
    throw new OAuthRefusal(wrongSecret, words.wrongSecret);
  }
}
