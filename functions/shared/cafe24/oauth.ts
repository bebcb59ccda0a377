import type { Clock } from '../clock.ts';
import type { Provider } from '../grants/ports.ts';
import type { Log } from '../log.ts';
import { postForm } from '../oauth/post-form.ts';
import { readAnswer } from '../oauth/read-answer.ts';
import type { Secret } from '../ssm/secret.ts';
import type { Cafe24Grant } from './grant.ts';
import { readRefusal } from './refusal.ts';
import { readTokenResponse } from './token-response.ts';

/** What is handed to Cafe24's token endpoint. */
export interface Cafe24Ticket {
  readonly mallId: string;
  /** The form's fields, e.g. `grant_type` and `code`. */
  readonly form: Readonly<Record<string, string>>;
}

export interface Cafe24Client {
  /** `https://{mallId}.cafe24api.com`; `{mallId}` is replaced. */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** Cafe24's `POST /api/v2/oauth/token`, asked once per call. Redirects are not followed. */
export function cafe24Provider(
  client: Cafe24Client,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Provider<Cafe24Ticket, Cafe24Grant> {
  return {
    async redeem({ mallId, form }, timeoutMs) {
      const requestedAt = clock();
      const secret = await client.clientSecret.read().catch(() => undefined);
      if (secret === undefined) return { kind: 'failed', reason: 'secret-unavailable' };
      const answer = await postForm({
        url: new URL(`${client.apiUrl.replace('{mallId}', mallId)}/api/v2/oauth/token`),
        authorization: basic(client.clientId, secret),
        form,
        timeoutMs,
      });
      const redeemed = readAnswer(answer, {
        grant: (body) => {
          const read = readTokenResponse(body, requestedAt);
          return read?.grant.mallId === mallId ? read : undefined;
        },
        refusal: ({ status, body, retryAfterSeconds }) =>
          readRefusal(status, body, retryAfterSeconds),
      });
      if (redeemed.kind === 'misconfigured') client.clientSecret.forget();
      if (redeemed.kind !== 'granted') return redeemed;
      if (redeemed.grant.clocksDisagree) log.warn('cafe24-clock-disagrees', { mallId });
      return { kind: 'granted', grant: redeemed.grant.grant };
    },
  };
}

function basic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}
