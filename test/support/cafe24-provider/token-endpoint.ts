import {
  type Answer,
  type Application,
  faultAnswer,
  grantAnswer,
  jsonAnswer,
  refusalAnswer,
} from './answers.ts';
import { authenticate, type FormRequest, readForm, required } from './form.ts';
import {
  findGrant,
  type IssuedGrant,
  type Issuing,
  redeemCode,
  revoke,
  rotate,
} from './issuing.ts';
import type { TokenRequestRecord } from './memory.ts';
import { invalidGrant, OAuthRefusal } from './refusal.ts';

/** One token request in the provider's hands. */
export interface TokenCall {
  readonly request: FormRequest;
  readonly record: TokenRequestRecord;
  readonly application: Application;
}

/** Judges the request and notes in its record what it used and what it got. */
export function answerTokenRequest(issuing: Issuing, call: TokenCall): Answer {
  const { fault } = issuing.switches;
  if (fault?.afterIssuing === false) return note(call.record, faultAnswer(fault));
  const answer = grantOrRefuse(issuing, call);
  return note(call.record, fault === null ? answer : faultAnswer(fault));
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

function grantOrRefuse(issuing: Issuing, call: TokenCall): Answer {
  const { record, application } = call;
  return orRefusal(() => {
    const grant = judge(issuing, call);
    record.issuedPairId = grant.pair.id;
    const { switches, mall } = issuing;
    return grantAnswer(grant, { switches, clientId: application.clientId, mallId: mall.mallId });
  }, record);
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
      throw invalidGrant('redirect_uri does not match');
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
    'The grant_type is not supported',
  );
}

function note(record: TokenRequestRecord, answer: Answer): Answer {
  record.status = answer.kind === 'http' ? answer.status : null;
  return answer;
}

function orRefusal(act: () => Answer, record?: TokenRequestRecord): Answer {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof OAuthRefusal)) throw error;
    if (record) record.error = error.error;
    return refusalAnswer(error);
  }
}
