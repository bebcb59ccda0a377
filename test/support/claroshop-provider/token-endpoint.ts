import {
  type Answer,
  answerUnder,
  grantAnswer,
  type HttpAnswer,
} from '../scripted-provider/answers.ts';
import { type FormRequest, readForm } from '../scripted-provider/form.ts';
import { invalidRequest, OAuthRefusal } from '../scripted-provider/refusal.ts';
import type { Issuing } from './issuing.ts';
import { type ClaroshopRequestRecord, type Held, heldBy } from './memory.ts';
import { refresh } from './refreshing.ts';
import { signIn } from './sign-in.ts';
import { words } from './wordings.ts';

/** One token request in the provider's hands. */
export interface TokenCall {
  readonly request: FormRequest;
  readonly record: ClaroshopRequestRecord;
  readonly clientId: string;
}

/** Judges the request and notes in its record what it used and what it got. */
export function answerTokenRequest(issuing: Issuing, call: TokenCall): Answer {
  return answerUnder(issuing.switches.fault, call.record, () => {
    const held = judge(issuing, call);
    call.record.issuedTokenId = held.tokens.id;
    return answerOf(held, issuing);
  });
}

function judge(issuing: Issuing, { request, record, clientId }: TokenCall): Held {
  const form = readForm(request);
  // A public client names itself in the form and proves nothing.
  if (form.get('client_id') !== clientId || request.authorization !== undefined) {
    throw new OAuthRefusal({ status: 401, error: 'invalid_client' }, words.wrongClient);
  }
  switch (form.get('grant_type')) {
    case 'password':
      return judgePassword(issuing, form);
    case 'refresh_token': {
      const sent = form.get('refresh_token');
      if (sent === null) throw invalidRequest(words.noToken);
      const held = heldBy(issuing.account).find(({ tokens }) => tokens.refreshToken === sent);
      record.redeemedTokenId = held?.tokens.id ?? null;
      return refresh(issuing, held);
    }
    case null:
      throw invalidRequest(words.noGrantType);
    default:
      throw new OAuthRefusal(
        { status: 400, error: 'unsupported_grant_type' },
        words.unsupportedGrantType,
      );
  }
}

function judgePassword(issuing: Issuing, form: URLSearchParams): Held {
  if (!issuing.switches.allowsPasswords) {
    throw new OAuthRefusal({ status: 400, error: 'unauthorized_client' }, words.noPasswords);
  }
  if (!form.has('username')) {
    throw new OAuthRefusal({ status: 401, error: 'invalid_request' }, words.noUsername);
  }
  return signIn(issuing, form.get('password'));
}

/** The token response, field by field and in the order of Keycloak's AccessTokenResponse. */
function answerOf({ session, tokens }: Held, { switches, now }: Issuing): HttpAnswer {
  const secondsTo = (at: string) => Math.floor((Date.parse(at) - now.getTime()) / 1000);
  const { refreshToken } = tokens;
  const fields = {
    access_token: tokens.accessToken,
    expires_in: secondsTo(tokens.accessExpiresAt),
    refresh_expires_in: refreshToken === null ? 0 : secondsTo(tokens.refreshExpiresAt),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    token_type: 'Bearer',
    'not-before-policy': 0,
    session_state: session.id,
    scope: 'profile email',
  };
  return grantAnswer(fields, switches);
}
