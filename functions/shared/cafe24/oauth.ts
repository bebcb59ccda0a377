import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import type { Provider, Redeemed } from '../grants/ports.ts';
import type { Log } from '../log.ts';
import { postForm, type FormAnswer } from '../oauth/post-form.ts';
import { readAnswer } from '../oauth/read-answer.ts';
import type { Secret } from '../ssm/secret.ts';
import type { Cafe24Grant } from './grant.ts';
import { readRefusal } from './refusal.ts';
import {
  OF_ANOTHER_MALL,
  readTokenResponse,
  type Asked,
  type ReadGrant,
} from './token-response.ts';

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
      const endMs = performance.now() + timeoutMs;
      const secret = await readInTime(client.clientSecret, timeoutMs / 2);
      if (typeof secret !== 'string') return secret;
      const requestedAt = clock();
      const answer = await postForm({
        url: new URL(`${client.apiUrl.replace('{mallId}', mallId)}/api/v2/oauth/token`),
        authorization: basic(client.clientId, secret),
        form,
        timeoutMs: endMs - performance.now(),
      });
      const asked = { mallId, clientId: client.clientId, requestedAt };
      const redeemed = readCafe24Answer(answer, form, asked);
      if (redeemed.kind === 'misconfigured') client.clientSecret.forget();
      if (redeemed.kind === 'unknown' && redeemed.reason === OF_ANOTHER_MALL.reason) {
        // Its alarm counts the lines with this code.
        log.error('cafe24-grant-dropped', { mallId, code: redeemed.reason });
      }
      if (redeemed.kind !== 'granted') return redeemed;
      if (redeemed.grant.clocksDisagree) log.warn('cafe24-clock-disagrees', { mallId });
      return { kind: 'granted', grant: redeemed.grant.grant };
    },
  };
}

/** @param form what was sent. */
export function readCafe24Answer(
  answer: FormAnswer,
  form: Cafe24Ticket['form'],
  asked: Asked,
): Redeemed<ReadGrant> {
  return readAnswer(answer, {
    sent: form['code'] ?? form['refresh_token'],
    grant: (body) => readTokenResponse(body, asked),
    refusal: readRefusal,
  });
}

/**
 * Parameter Store's patience is not the lease's: what it takes longer than `withinMs` would be taken
 * from the time to save the answer.
 *
 * @returns the secret, or why Cafe24 is not asked.
 */
async function readInTime(secret: Secret, withinMs: number): Promise<string | Redeemed<never>> {
  const unavailable = { kind: 'failed', reason: 'secret-unavailable' } as const;
  const isRead = new AbortController();
  const late = pause(withinMs, unavailable, { signal: isRead.signal });
  try {
    return await Promise.race([secret.read(), late]);
  } catch (error) {
    return error instanceof ConfigurationError
      ? { kind: 'misconfigured', reason: 'client-secret-unreadable' }
      : unavailable;
  } finally {
    isRead.abort();
  }
}

function basic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}
