import { type Answer, answerUnder, jsonAnswer, orRefusal } from '../scripted-provider/answers.ts';
import { type FormRequest, readForm, required } from '../scripted-provider/form.ts';
import { invalidGrant, OAuthRefusal } from '../scripted-provider/refusal.ts';
import { type Application, cafe24GrantAnswer } from './answers.ts';
import { authenticate } from './form.ts';
import {
  findGrant,
  type IssuedGrant,
  type Issuing,
  redeemCode,
  revoke,
  rotate,
} from './issuing.ts';
import type { Cafe24RequestRecord } from './memory.ts';
import { words } from './wordings.ts';

/** One token request in the provider's hands. */
export interface TokenCall {
  readonly request: FormRequest;
  readonly record: Cafe24RequestRecord;
  readonly application: Application;
}

/** Judges the request and notes in its record what it used and what it got. */
export function answerTokenRequest(issuing: Issuing, call: TokenCall): Answer {
  const { record, application } = call;
  return answerUnder(issuing.switches.fault, record, () => {
    const grant = judge(issuing, call);
    record.issuedPairId = grant.pair.id;
    const { switches, mall } = issuing;
    return cafe24GrantAnswer(grant, {
      switches,
      clientId: application.clientId,
      mallId: mall.mallId,
    });
  });
}

/** `POST …/oauth/revoke`: ends the token's family; an unknown token is fine, as RFC 7009 has it. */
export function answerRevokeRequest(
  { mall, switches, now }: Issuing,
  { request, application }: Omit<TokenCall, 'record'>,
): Answer {
  return orRefusal(() => {
    const form = readForm(request);
    authenticate(request, application, switches);
    const token = required(form, 'token');
    const grant = findGrant(mall, (pair) => [pair.refreshToken, pair.accessToken].includes(token));
    if (grant) revoke(grant.family, 'revoked-by-client', now);
    return jsonAnswer(200, {});
  });
}

function judge(issuing: Issuing, { request, record, application }: TokenCall): IssuedGrant {
  const { mall, switches } = issuing;
  const form = readForm(request);
  authenticate(request, application, switches);
  const grantType = required(form, 'grant_type');
  if (grantType === 'authorization_code') {
    const sent = required(form, 'code');
    const code = mall.codes.find((issued) => issued.code === sent);
    record.codeId = code?.id ?? null;
    if (required(form, 'redirect_uri') !== application.redirectUri) {
      throw invalidGrant(words.wrongRedirectUri);
    }
    return redeemCode(issuing, code);
  }
  if (grantType === 'refresh_token') {
    const sent = required(form, 'refresh_token');
    const grant = findGrant(mall, (pair) => pair.refreshToken === sent);
    record.redeemedPairId = grant?.pair.id ?? null;
    return rotate(issuing, grant);
  }
  throw new OAuthRefusal(
    { status: 400, error: 'unsupported_grant_type' },
    words.unsupportedGrantType,
  );
}
