import type { Clock } from '../clock.ts';
import type { Provider, Redeemed } from '../grants/ports.ts';
import type { Log } from '../log.ts';
import { postForm, type FormAnswer } from '../oauth/post-form.ts';
import { readAnswer } from '../oauth/read-answer.ts';
import type { ClaroshopGrant, ClaroshopTicket } from './grant.ts';
import { readRefusal } from './refusal.ts';
import { readTokenResponse } from './token-response.ts';

export interface ClaroshopClient {
  /** Of the realm's token endpoint. */
  readonly tokenUrl: string;
  /** Of a public client: there is no secret. */
  readonly clientId: string;
}

/** ClaroShop's token endpoint, a Keycloak's, asked once per call. Redirects are not followed. */
export function claroshopProvider(
  { tokenUrl, clientId }: ClaroshopClient,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Provider<ClaroshopTicket, ClaroshopGrant> {
  return {
    async redeem(ticket, timeoutMs) {
      const requestedAt = clock();
      const form = { client_id: clientId, ...ticketToForm(ticket) };
      const answer = await postForm({ url: new URL(tokenUrl), form, timeoutMs });
      const redeemed = readClaroshopAnswer(answer, ticket, requestedAt);
      if (redeemed.kind === 'granted' && redeemed.grant.expiresIn <= 0) {
        log.warn('claroshop-grant-is-due-at-once', { expiresIn: redeemed.grant.expiresIn });
      }
      return redeemed;
    },
  };
}

export function readClaroshopAnswer(
  answer: FormAnswer,
  ticket: ClaroshopTicket,
  requestedAt: Date,
): Redeemed<ClaroshopGrant> {
  return readAnswer(answer, {
    sent: ticket.grantType === 'refresh_token' ? ticket.refreshToken : ticket.password,
    grant: (body) => readTokenResponse(body, requestedAt),
    refusal: (refusal) => readRefusal(refusal, ticket.grantType),
  });
}

/** The form's fields, but for the client's name. */
export function ticketToForm(ticket: ClaroshopTicket): Record<string, string> {
  return ticket.grantType === 'refresh_token'
    ? { grant_type: ticket.grantType, refresh_token: ticket.refreshToken }
    : { grant_type: ticket.grantType, username: ticket.username, password: ticket.password };
}
