import { z } from 'zod';
import { isStorable } from '#events/text.ts';
import type { Redeemed } from '../grants/ports.ts';
import { isPlainPage } from './body.ts';
import type { Answered, FormAnswer } from './post-form.ts';

/** An answer without a grant, as far as it says why. */
export type WithoutGrant = Pick<Answered, 'status' | 'body' | 'retryAfterSeconds'>;

interface Readers<Grant> {
  /** The code, token or password that we sent: who repeats it in a notice has granted nothing. */
  readonly sent: string | undefined;
  /** @returns `undefined` when what this provider's grants must have is not there. */
  readonly grant: (body: unknown) => Redeemed<Grant> | undefined;
  readonly refusal: (answer: WithoutGrant) => Redeemed<never>;
}

const UNUSABLE = { kind: 'unknown', reason: 'unusable-answer' } as const;

/**
 * What a token endpoint's answer means, given how this provider writes grants and refusals.
 *
 * A grant is one JSON object in a 2xx, whatever notice stands before it. What is none may still have
 * been one, cut or mixed up with something else, and has spent what we sent: `unknown`. Nothing was
 * issued (`failed`) only where it is plain: another status, or the page of a proxy that stands in the
 * provider's place.
 */
export function readAnswer<Grant>(answer: FormAnswer, readers: Readers<Grant>): Redeemed<Grant> {
  if (answer.kind !== 'answered') return answer;
  if (answer.status < 200 || answer.status > 299) {
    const refusal = readers.refusal(answer);
    return refusal.kind === 'failed' && showsToken(answer) ? UNUSABLE : refusal;
  }
  const grant = isGrantLike(answer, readers.sent) ? readers.grant(answer.body) : undefined;
  if (grant !== undefined) return grant;
  return isPlainPage(answer.text) ? { kind: 'failed', reason: 'not-json' } : UNUSABLE;
}

/** A granted answer carries no error, and none that says nothing. */
const NoError = z.object({ error: z.union([z.literal(''), z.literal(false)]).nullish() });
const Names = z.record(z.string(), z.unknown());

function isGrantLike({ body, isWrapped }: Answered, sent: string | undefined): boolean {
  if (!NoError.safeParse(body).success) return false;
  const values = Object.values(Names.safeParse(body).data ?? {});
  return !(isWrapped && sent !== undefined && values.includes(sent));
}

function showsToken({ text }: Answered): boolean {
  return /"access_token"\s*:\s*"/.test(text);
}

/** A token as it came: text that a store keeps, with nothing that was lost when it was decoded. */
export function isUsableToken(token: string): boolean {
  return isStorable(token) && !token.includes('\u{FFFD}');
}

/** The provider has issued a grant that nobody can keep. */
export const UNSTORABLE = { kind: 'unknown', reason: 'grant-unstorable' } as const;
